import { posix } from "node:path";

/** A volume as one service mounts it. */
export interface VolumeMount {
  /** The volume's name in Docker. */
  volume: string;
  /** Its path in the container. */
  target: string;
}

/** The backed-up data of one service, and the recipe's hooks around the backup. */
export interface ServiceBackup {
  /** In full. */
  service: string;
  /** Paths in volumes; `path` is relative to the volume, `.` for all of it. */
  parts: { volume: string; path: string }[];
  /** Labelled paths in no volume, which cannot be backed up. */
  outside: string[];
  hooks: {
    backupPre: string | null;
    backupPost: string | null;
    restorePre: string | null;
    restorePost: string | null;
  };
}

type Labels = Readonly<Record<string, string>>;

/** Whether a service asks for backups. Source: backup-bot-two's documentation of its labels. */
export function wantsBackup(labels: Labels): boolean {
  return labels["backupbot.backup"]?.trim().toLowerCase() === "true";
}

/**
 * Reads the `backupbot.*` labels of a service: every volume is included unless it is excluded or narrowed to some
 * paths; the older `backupbot.backup.path` names paths in the container instead.
 */
export function planServiceBackup(
  service: string,
  stack: string,
  labels: Labels,
  mounts: readonly VolumeMount[],
): ServiceBackup {
  const older = listOf(labels["backupbot.backup.path"]);
  const placed = older.map((path) => ({ path, part: partAt(path, mounts) }));
  return {
    service,
    parts:
      older.length > 0
        ? placed.flatMap(({ part }) => (part === null ? [] : [part]))
        : mounts.flatMap((mount) => partsOf(mount, stack, labels)),
    outside: placed.filter(({ part }) => part === null).map(({ path }) => path),
    hooks: {
      backupPre: labels["backupbot.backup.pre-hook"] ?? null,
      backupPost: labels["backupbot.backup.post-hook"] ?? null,
      restorePre: labels["backupbot.restore.pre-hook"] ?? null,
      restorePost: labels["backupbot.restore.post-hook"] ?? null,
    },
  };
}

function partsOf({ volume }: VolumeMount, stack: string, labels: Labels): { volume: string; path: string }[] {
  const short = volume.startsWith(`${stack}_`) ? volume.slice(stack.length + 1) : volume;
  const prefix = `backupbot.backup.volumes.${short}`;
  if (labels[prefix]?.trim().toLowerCase() === "false") return [];
  const paths = listOf(labels[`${prefix}.path`]);
  return (paths.length === 0 ? ["."] : paths).map((path) => ({ volume, path: within(path) }));
}

function partAt(path: string, mounts: readonly VolumeMount[]): { volume: string; path: string } | null {
  const wanted = posix.normalize(path);
  const byDepth = [...mounts].sort((a, b) => b.target.length - a.target.length);
  for (const { volume, target } of byDepth) {
    const relative = posix.relative(target, wanted);
    if (!relative.startsWith("..")) return { volume, path: within(relative) };
  }
  return null;
}

/** The path below the root of a volume; it can never lead out of it. */
function within(path: string): string {
  const normal = posix.normalize(`/${path}`).slice(1).replace(/\/$/, "");
  return normal === "" ? "." : normal;
}

function listOf(value: string | undefined): string[] {
  return (value ?? "")
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
}
