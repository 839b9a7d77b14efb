import { BOUNDS } from "./bounds.ts";
import { keyed, mapping } from "./collections.ts";
import { type Form, plainValue, refuse, type ValueMap } from "./form.ts";
import type { Located, Report } from "./located.ts";
import { BOOLEAN, INTEGER, TEXT } from "./word.ts";

/** A mount in its long form. */
export interface Mount extends ValueMap {
  readonly type: string;
  readonly target: string;
}

const LONG_MOUNT = mapping({
  type: TEXT,
  source: TEXT,
  target: TEXT,
  read_only: BOOLEAN,
  consistency: TEXT,
  bind: mapping({ propagation: TEXT }),
  volume: mapping({ nocopy: BOOLEAN }),
  tmpfs: mapping({ size: INTEGER }),
});

/** The volumes of a service, in the short or the long form. */
export const MOUNTS: Form<readonly Mount[]> = keyed(readMount, ({ target }) => target);

function readMount(node: Located, path: string, report: Report): Mount[] {
  if (node.kind !== "map") {
    const text = TEXT.read(node, path, report);
    const mount = text === undefined ? undefined : shortMount(text);
    if (typeof mount === "string") report(`invalid spec: ${text}: ${mount}`, node.at);
    return typeof mount === "object" ? [mount] : [];
  }
  const mount = LONG_MOUNT.read(node, path, report);
  if (mount === undefined) return [];
  if (typeof mount.type !== "string") report(`${path} type is required`, node.at);
  if (typeof mount.target !== "string") report(`${path} target is required`, node.at);
  return typeof mount.type === "string" && typeof mount.target === "string" ? [mount as Mount] : [];
}

const PROPAGATIONS = ["rprivate", "private", "rshared", "shared", "rslave", "slave"];
/** Options that Docker silently ignores: they mean something to other deployers. */
const WITHOUT_MEANING = ["z", "Z", "cached", "delegated", "consistent"];

/**
 * Reads `target`, `source:target` or `source:target:options`; returns a text that says what is wrong with anything
 * else.
 */
function shortMount(spec: string): Mount | string {
  const parts = spec.split(":");
  if (parts.some((part) => part === "")) return "empty section between colons";
  if (parts.length > 3) return "too many colons";
  const [first = "", target, options] = parts;
  if (target === undefined) return { type: "volume", target: first };
  if (/^[A-Za-z]$/.test(first)) return "a drive of Windows";
  const isPath = /^([./~]|\\\\)/.test(first);
  return withOptions({ type: isPath ? "bind" : "volume", source: first, target }, options);
}

function withOptions(mount: Mount, options: string | undefined): Mount | string {
  let made = mount;
  for (const option of options?.split(",") ?? []) {
    if (option === "ro" || option === "rw") made = { ...made, read_only: option === "ro" };
    else if (option === "nocopy") made = { ...made, volume: { nocopy: true } };
    else if (PROPAGATIONS.includes(option)) made = { ...made, bind: { propagation: option } };
    else if (!WITHOUT_MEANING.includes(option)) return `the option ${option} is unknown`;
  }
  return made;
}

/** A port in its long form, without `published` if it has no fixed published port. */
export interface Port extends ValueMap {
  readonly target: number;
  readonly published?: number;
  readonly protocol?: string;
  readonly mode?: string;
}

const LONG_PORT = mapping({ mode: TEXT, target: INTEGER, published: INTEGER, protocol: TEXT });
const SHORT_PORT =
  /^(?:(?:(\[[0-9a-fA-F:.]+\]|[0-9.]*):)?(\d{1,5}(?:-\d{1,5})?)?:)?(\d{1,5}(?:-\d{1,5})?)(?:\/(tcp|udp|sctp))?$/i;

const EACH_PORT: Form<readonly Port[]> = keyed(readPorts, ({ published }) => published ?? 0);

/** The ports of a service, in the short or the long form; a range becomes one entry per port. */
export const PORTS: Form<readonly Port[]> = {
  ...EACH_PORT,
  read: (node, path, report) => {
    const items = node.kind === "list" ? node.items.map((item) => JSON.stringify(plainValue(item))) : [];
    if (new Set(items).size < items.length) report(`${path} array items must be unique`, node.at);
    return EACH_PORT.read(node, path, report);
  },
};

function readPorts(node: Located, path: string, report: Report): Port[] {
  if (node.kind === "map") {
    const port = LONG_PORT.read(node, path, report);
    if (port === undefined || typeof port.target === "number")
      return port === undefined ? [] : [port as Port];
    report(`${path} target is required`, node.at);
    return [];
  }
  const isWord = node.kind === "scalar" && (typeof node.value === "string" || typeof node.value === "number");
  const ports = isWord ? shortPorts(typeof node.value === "number" ? String(node.value) : node.text) : null;
  if (ports === null) return refuse(`${path} is no port such as "8080:80"`, node, report) ?? [];
  if (ports.length <= BOUNDS.ports) return ports;
  report(`${path} publishes ${ports.length} ports; at most ${BOUNDS.ports} are allowed`, node.at);
  return [];
}

// An address before the port is ignored: Docker publishes for the whole swarm.
function shortPorts(text: string): Port[] | null {
  const [, , outside, inside = "", protocol = "tcp"] = SHORT_PORT.exec(text) ?? [];
  const targets = rangeOf(inside);
  if (targets === null) return null;
  const rest = { protocol: protocol.toLowerCase(), mode: "ingress" };
  if (outside === undefined) return targets.map((target) => ({ ...rest, target }));
  const published = rangeOf(outside);
  if (published === null) return null;
  const [only = 0] = targets;
  if (targets.length === 1) return published.map((port) => ({ ...rest, target: only, published: port }));
  if (targets.length !== published.length) return null;
  return targets.map((target, index) => ({ ...rest, target, published: published[index] ?? 0 }));
}

function rangeOf(text: string): number[] | null {
  const [first = "", last = first] = text.split("-");
  const [from, to] = [Number(first), Number(last)];
  if (first === "" || from > to || to > 65_535) return null;
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
