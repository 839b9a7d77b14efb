import { join } from "node:path";
import { createUpstream, type FileContent, type Upstream } from "../support/upstream.ts";
import { IMAGE } from "./swarm.ts";

// It tells its password to its log, as careless apps do.
const RUN = `echo $$(cat /run/secrets/db_password); trap "exit 0" TERM; touch /data/notes; while :; do sleep 1 & wait $$!; done`;

interface NotesOptions {
  /** Further lines of the labels of `app`. */
  labels?: readonly string[];
  command?: string;
  /** Names of secrets beside `db_password`. */
  secrets?: readonly string[];
}

/** The files of a small recipe with a volume, a secret, a versioned config and backups. */
export function notesFiles(release: string, options: NotesOptions = {}): Record<string, FileContent> {
  const secrets = ["db_password", ...(options.secrets ?? [])];
  const labels = [
    `coop-cloud.${filled("{STACK_NAME}.version=0.0.0+said-by-the-compose-file")}`,
    ...(options.labels ?? [
      "backupbot.backup=true",
      "backupbot.backup.pre-hook=cp /data/notes /data/dump",
      "backupbot.backup.volumes.data.path=dump",
      "backupbot.restore.post-hook=cp /data/dump /data/notes",
    ]),
  ];
  const compose = {
    version: "3.8",
    services: {
      app: {
        image: IMAGE,
        command: ["sh", "-c", options.command ?? RUN],
        environment: { RELEASE: release },
        networks: ["internal"],
        volumes: ["data:/data"],
        secrets,
        configs: [{ source: "app_conf", target: "/etc/notes.conf" }],
        stop_grace_period: "2s",
        deploy: { endpoint_mode: "dnsrr", labels, update_config: { order: "stop-first" } },
      },
    },
    networks: { internal: {} },
    volumes: { data: {} },
    configs: { app_conf: { name: filled("{STACK_NAME}_app_conf_", "{APP_CONF_VERSION}"), file: "app.conf" } },
    secrets: Object.fromEntries(
      secrets.map((name) => [
        name,
        { external: true, name: filled(`{STACK_NAME}_${name}_`, `{SECRET_${name.toUpperCase()}_VERSION}`) },
      ]),
    ),
  };
  const versions = secrets.map((name) => `SECRET_${name.toUpperCase()}_VERSION=v1 # length=24 charset=hex`);
  return {
    // JSON is YAML.
    "compose.yml": JSON.stringify(compose, null, 2),
    "abra.sh": `export APP_CONF_VERSION=v1\n`,
    "app.conf": "greeting\n",
    ".env.sample": [
      "TYPE=notes",
      "DOMAIN=notes.example.com",
      "GREETING=hello # said at the door",
      ...versions,
      "",
    ].join("\n"),
    "README.md": `notes ${release}\n`,
  };
}

/** An upstream with two annotated releases of it. */
export function notesUpstream(folder: string, options: NotesOptions = {}): Upstream {
  const upstream = createUpstream(join(folder, "notes.git"));
  upstream.commit(notesFiles("1.0.0", options));
  upstream.tag("1.0.0+1.0.0");
  upstream.commit(notesFiles("1.1.0", options));
  upstream.tag("1.1.0+1.1.0");
  return upstream;
}

// A text in which each part begins with a variable of compose, which is no variable of ours.
function filled(...parts: string[]): string {
  return parts.map((part) => `$${part}`).join("");
}
