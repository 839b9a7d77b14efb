const QUIESCES =
  /maintenance[:_ -]?mode|\b(?:stop|pause|lock|freeze|quiesce|sync|flush|checkpoint)\b|fsfreeze|fsync ?lock|pg_(?:backup_start|start_backup)|FLUSH TABLES|\b(?:bg)?save\b|\bSHUTDOWN\b/i;
const DUMPS = /dump|export|\bbackup\b|_backup\.|mariadb-backup|pg_basebackup|>\s*["']?[/$]/i;

/** Whether a hook only brings the app to rest, and writes nothing that would have to be read back. */
export function isQuiesce(hook: string): boolean {
  return (
    QUIESCES.test(hook) &&
    !DUMPS.test(hook.replaceAll(/2?>\s*\/dev\/null|pg_(backup_start|start_backup)/g, ""))
  );
}

/** Whether files that are copied after it belong together: the database stands still, or wrote all it had. */
export function makesFilesConsistent(hook: string): boolean {
  return QUIESCES.test(hook);
}
