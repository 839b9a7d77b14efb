import { posix } from "node:path";
import { planServiceBackup, wantsBackup } from "../../driver/recipe-files/backup-plan.ts";
import { composeOf } from "../compose-of.ts";
import type { Found } from "../finding.ts";
import type { Rule } from "../rule.ts";
import type { Mount, Service } from "../service.ts";
import { makesFilesConsistent } from "./hooks.ts";

interface Engine {
  name: string;
  image: RegExp;
  folder: string;
  /** Whether its files may be copied while it writes; a copy is still lost if it is restored under the running one. */
  mayBeCopied?: boolean;
}

const ENGINES: readonly Engine[] = [
  { name: "PostgreSQL", image: /postg(res|is)|pgvector|timescale/, folder: "/var/lib/postgresql" },
  { name: "PostgreSQL", image: /postgres/, folder: "/bitnami/postgresql" },
  { name: "MySQL", image: /mysql|mariadb|percona/, folder: "/var/lib/mysql" },
  { name: "MySQL", image: /mysql|mariadb/, folder: "/bitnami/mysql" },
  { name: "MySQL", image: /mysql|mariadb/, folder: "/bitnami/mariadb" },
  { name: "MongoDB", image: /mongo/, folder: "/data/db" },
  { name: "MongoDB", image: /mongo/, folder: "/var/lib/mongodb" },
  { name: "Redis", image: /redis|valkey|keydb/, folder: "/data", mayBeCopied: true },
  { name: "Redis", image: /redis|valkey|keydb/, folder: "/var/lib/redis", mayBeCopied: true },
  { name: "InfluxDB", image: /influxdb/, folder: "/var/lib/influxdb" },
  { name: "Elasticsearch", image: /elasticsearch/, folder: "/usr/share/elasticsearch/data" },
  { name: "OpenSearch", image: /opensearch/, folder: "/usr/share/opensearch/data" },
  { name: "CouchDB", image: /couchdb/, folder: "/opt/couchdb/data" },
  { name: "ClickHouse", image: /clickhouse/, folder: "/var/lib/clickhouse" },
];

/** The volume, and the path in it, that a running database writes. */
interface HotFolder {
  volume: string;
  /** Relative to the volume; `.` is all of it. */
  path: string;
  database: string;
  mayBeCopied: boolean;
}

export const hotDatabaseDirectory: Rule = {
  id: "hot-database-directory",
  level: "error",
  title: "the data directory of a running database in the backup",
  check: (facts) => {
    const { services } = composeOf(facts);
    const hot = services.flatMap(hotFoldersOf);
    return services.flatMap((service) => checkService(service, hot));
  },
};

function checkService(service: Service, hot: readonly HotFolder[]): Found[] {
  const labels = Object.fromEntries([...service.labels].map(([name, { text }]) => [name, text]));
  if (!wantsBackup(labels)) return [];
  const mounts = service.mounts.filter(isVolume).map(({ source, target }) => ({ volume: source, target }));
  const { parts, hooks } = planServiceBackup(service.name, "", labels, mounts);
  if (hooks.backupPre !== null && makesFilesConsistent(hooks.backupPre)) return [];
  return hot.flatMap((folder): Found[] => {
    const part = parts.find(({ volume, path }) => volume === folder.volume && covers(path, folder.path));
    const mount = service.mounts.find(({ source }) => source === folder.volume);
    if (part === undefined || mount === undefined) return [];
    const label = service.labels.get("backupbot.backup.path") ?? service.labels.get("backupbot.backup");
    return [describe(service, folder, hooks.backupPre !== null, mount, label?.at ?? mount.at)];
  });
}

function describe(
  service: Service,
  { database, volume, mayBeCopied }: HotFolder,
  hasHook: boolean,
  mount: Mount,
  at: Found["at"],
): Found {
  const why = hasHook
    ? "although a hook dumps it: a restore puts a copy of half-written files under the running database, which then fails with the dump in hand"
    : "and no hook dumps or stops it: files that are copied one after the other while they change do not belong together";
  const exclude = `\`backupbot.backup.volumes.${volume}: "false"\``;
  return {
    level: mayBeCopied ? "warning" : "error",
    message: `the backup of service ${service.name} takes volume ${volume}, the directory of a running ${database}, ${why}`,
    mend: hasHook
      ? `leave the volume out (${exclude}), or narrow it to the dump (\`backupbot.backup.volumes.${volume}.path: "backup.sql"\`)`
      : `dump it in \`backupbot.backup.pre-hook\`, read it back in \`backupbot.restore.post-hook\`, and back up only the dump (\`backupbot.backup.volumes.${volume}.path\`); what can be lost is left out: ${exclude}`,
    at,
    also: [{ at: mount.at, message: `volume ${volume} is mounted here` }],
  };
}

function hotFoldersOf(service: Service): HotFolder[] {
  const image = (service.image?.text ?? "").split("/").at(-1)?.split(/[:@]/)[0] ?? "";
  const own = service.environment.get("PGDATA")?.text;
  return service.mounts.filter(isVolume).flatMap((mount): HotFolder[] => {
    const engine = ENGINES.find(
      ({ image: pattern, folder }) =>
        (pattern.test(image) || /^\/var\/lib\/(postgresql|mysql|mongodb)$/.test(folder)) &&
        (contains(folder, mount.target) || (own !== undefined && contains(mount.target, own))),
    );
    if (engine === undefined) return [];
    const inner = own !== undefined && engine.name === "PostgreSQL" ? own : mount.target;
    const path = contains(mount.target, inner) ? posix.relative(mount.target, inner) || "." : ".";
    const { name: database, mayBeCopied = false } = engine;
    return [{ volume: mount.source, path, database, mayBeCopied }];
  });
}

function isVolume({ source }: Mount): boolean {
  return /^[a-zA-Z0-9][\w.-]*$/.test(source);
}

/** Whether `path` is `folder`, or below it. */
function contains(folder: string, path: string): boolean {
  const relative = posix.relative(folder, path);
  return relative === "" || !relative.startsWith("..");
}

/** Whether a backup of `taken` includes the hot `path`; both are relative to the volume. */
function covers(taken: string, path: string): boolean {
  return contains(posix.join("/", taken), posix.join("/", path));
}
