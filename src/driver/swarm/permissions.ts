import { posix } from "node:path";
import type { Compose, Definition } from "./compose.ts";

/** `docker-socket` and `host-mount:/path` for what the services mount of the host, sorted, each once. */
export function permissionsOf(filled: Compose): string[] {
  const sources = Object.values(filled.services).flatMap((service) => bindSources(service));
  const named = sources.map((source) =>
    /^(\/var)?\/run\/docker\.sock$/.test(source) ? "docker-socket" : `host-mount:${source}`,
  );
  return [...new Set([...named, ...volumeBinds(filled)])].sort();
}

function bindSources(service: Definition): string[] {
  const mounts = Array.isArray(service.volumes) ? service.volumes : [];
  return mounts
    .map((mount) => (typeof mount === "string" ? (mount.split(":")[0] ?? "") : sourceOf(mount)))
    .filter((source, index) => source.startsWith("/") && !isAnonymous(mounts[index]))
    .map((source) => posix.normalize(source));
}

// `- /data` alone is a volume without a name.
function isAnonymous(mount: unknown): boolean {
  return typeof mount === "string" && !mount.includes(":");
}

function sourceOf(mount: unknown): string {
  const { type, source } = (mount ?? {}) as { type?: unknown; source?: unknown };
  return type === "bind" && typeof source === "string" ? source : "";
}

// The local driver binds a folder of the host when it is told `o: bind`.
function volumeBinds(filled: Compose): string[] {
  return Object.values(filled.volumes).flatMap((volume) => {
    const options = volume.driver_opts as { device?: unknown; o?: unknown } | undefined;
    const isBind = String(options?.o ?? "")
      .split(",")
      .includes("bind");
    return isBind && typeof options?.device === "string"
      ? [`host-mount:${posix.normalize(options.device)}`]
      : [];
  });
}
