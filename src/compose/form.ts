import { entriesOf, type Located, type Report } from "./located.ts";

/** A value of a compose file, as it is judged and as it is written for Docker. */
export type Value = string | number | boolean | null | readonly Value[] | ValueMap;
export interface ValueMap {
  readonly [key: string]: Value;
}

/**
 * How to read one key of a compose file. `read` returns undefined for a key that deploys nothing, or after it reported
 * a problem; `merge` lays a later file over an earlier one.
 */
export interface Form<T extends Value = Value> {
  read(node: Located, path: string, report: Report): T | undefined;
  merge(base: T, over: T): T;
}

/** A key that `docker stack` ignores: it is neither judged nor deployed. */
export const IGNORED: Form = { read: () => undefined, merge: (_base, over) => over };

/** A key that is only judged: `docker stack` ignores or refuses it. */
export const JUDGED: Form = { read: plainValue, merge: (_base, over) => over };

export function refuse(message: string, node: Located, report: Report): undefined {
  report(message, node.at);
  return undefined;
}

/** A value as written, with variables filled in. */
export function plainValue(node: Located): Value {
  if (node.kind === "list") return node.items.map((item) => plainValue(item));
  if (node.kind === "map")
    return Object.fromEntries(entriesOf(node).map(([key, { value }]) => [key, plainValue(value)]));
  return typeof node.value === "string" ? node.text : node.value;
}
