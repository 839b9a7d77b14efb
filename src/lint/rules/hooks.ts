const QUIESCES =
  /maintenance[:_ -]?mode|\b(?:stop|pause|lock|freeze|quiesce|sync|flush|checkpoint)\b|fsfreeze|fsync ?lock|pg_(?:backup_start|start_backup)|FLUSH TABLES|\b(?:bg)?save\b|\bSHUTDOWN\b/i;
const DUMPS = /dump|export|\bbackup\b|_backup\.|mariadb-backup|pg_basebackup|>\s*["']?[/$]/i;

/** Whether a hook only quiesces the app, and writes nothing that a restore would have to load. */
export function isQuiesce(hook: string): boolean {
  return (
    QUIESCES.test(hook) &&
    !DUMPS.test(hook.replaceAll(/2?>\s*\/dev\/null|pg_(backup_start|start_backup)/g, ""))
  );
}

/** Whether files copied after it are consistent: the database is stopped, or has written everything. */
export function makesFilesConsistent(hook: string): boolean {
  return QUIESCES.test(hook);
}
