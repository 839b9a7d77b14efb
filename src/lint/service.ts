import {
  entriesOf,
  type Located,
  type LocatedEntry,
  pairsOf,
  type Text,
  textOf,
  textsOf,
  valueAt,
} from "../compose/located.ts";
import type { Place } from "./finding.ts";

/** A volume or a path of the host, as mounted by a service. */
export interface Mount {
  source: string;
  target: string;
  at: Place;
}

/** A config or a secret, as mounted by a service: always read-only. */
export interface MountedFile {
  kind: "config" | "secret";
  source: string;
  target: string;
  /** As written; empty if not given. */
  mode: string;
  at: Place;
}

/** A service's attachment to a network. */
export interface Attachment {
  key: string;
  aliases: Text[];
  at: Place;
}

/** A service, merged from all compose files. */
export interface Service {
  name: string;
  at: Place;
  image: Text | null;
  /** Those of `deploy`, where backup-bot looks, override the container's. */
  labels: ReadonlyMap<string, Text>;
  environment: ReadonlyMap<string, Text>;
  mounts: Mount[];
  files: MountedFile[];
  networks: Attachment[];
  /** Its commands: `entrypoint`, `command`, the health check. */
  words: Text[];
}

/** Merges the services of several files as Docker does. */
export function readServices(sections: readonly (Located | undefined)[]): ReadonlyMap<string, Service> {
  const parts = new Map<string, LocatedEntry[]>();
  for (const section of sections)
    for (const [name, entry] of entriesOf(section)) parts.set(name, [...(parts.get(name) ?? []), entry]);
  return new Map([...parts].map(([name, entries]) => [name, readService(name, entries)]));
}

function readService(name: string, entries: readonly LocatedEntry[]): Service {
  const values = entries.map((entry) => entry.value);
  const at = (...path: string[]) => values.map((value) => valueAt(value, ...path));
  const last = (...path: string[]) => at(...path).findLast((value) => value !== undefined);
  return {
    name,
    at: entries[0]?.at ?? { base: "recipe", file: "compose.yml", line: 1, column: 1 },
    image: textOf(last("image")),
    labels: new Map([...at("labels"), ...at("deploy", "labels")].flatMap((node) => pairsOf(node))),
    environment: new Map(at("environment").flatMap((node) => pairsOf(node))),
    mounts: lastOfEach(at("volumes").flatMap(mountsOf), (mount) => mount.target),
    files: [
      ...lastOfEach(at("configs").flatMap(filesOf("config")), (file) => file.source),
      ...lastOfEach(at("secrets").flatMap(filesOf("secret")), (file) => file.source),
    ],
    networks: lastOfEach(at("networks").flatMap(attachmentsOf), (network) => network.key),
    words: [last("entrypoint"), last("command"), last("healthcheck", "test")].flatMap(textsOf),
  };
}

function lastOfEach<T>(items: readonly T[], key: (item: T) => string): T[] {
  return [...new Map(items.map((item) => [key(item), item])).values()];
}

function itemsOf(node: Located | undefined): readonly Located[] {
  return node?.kind === "list" ? node.items : [];
}

function mountsOf(node: Located | undefined): Mount[] {
  return itemsOf(node).flatMap((item): Mount[] => {
    if (item.kind === "map") {
      const type = textOf(valueAt(item, "type"))?.text ?? "volume";
      const source = textOf(valueAt(item, "source"))?.text ?? "";
      const target = textOf(valueAt(item, "target"))?.text ?? "";
      return type === "tmpfs" ? [] : [{ source, target, at: item.at }];
    }
    const [source = "", target] = textOf(item)?.text.split(":") ?? [];
    return [{ source: target === undefined ? "" : source, target: target ?? source, at: item.at }];
  });
}

function filesOf(kind: "config" | "secret"): (node: Located | undefined) => MountedFile[] {
  const folder = kind === "config" ? "/" : "/run/secrets/";
  return (node) =>
    itemsOf(node).map((item) => {
      const source = textOf(item.kind === "map" ? valueAt(item, "source") : item)?.text ?? "";
      const target = textOf(valueAt(item, "target"))?.text ?? source;
      const mode = textOf(valueAt(item, "mode"))?.raw ?? "";
      return { kind, source, target: target.startsWith("/") ? target : folder + target, mode, at: item.at };
    });
}

function attachmentsOf(node: Located | undefined): Attachment[] {
  if (node?.kind === "map")
    return entriesOf(node).map(([key, { at, value }]) => ({
      key,
      at,
      aliases: textsOf(valueAt(value, "aliases")),
    }));
  return textsOf(node).map(({ text, at }) => ({ key: text, at, aliases: [] }));
}
