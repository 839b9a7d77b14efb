import { type Form, refuse, type Value } from "./form.ts";
import type { LocatedScalar } from "./located.ts";

const DURATION =
  /^[+-]?(0|(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h))((\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h))*$/;

/** Whether a text is a duration as Go writes it. Source: Go's time package. */
export function isGoDuration(text: string): boolean {
  return text.length < 100 && DURATION.test(text);
}

/** Docker's client keeps an earlier file's value where a later file has an empty word or `false`. */
const replace = <T extends Value>(base: T, over: T): T => (over === "" || over === false ? base : over);

/** One word. */
export const TEXT: Form<string> = scalarForm("a string", ({ value, text }) =>
  typeof value === "string" ? text : undefined,
);

/** A duration in Go's notation, with its unit. */
export const DURATION_TEXT: Form<string> = {
  read(node, path, report) {
    const text = TEXT.read(node, path, report);
    if (text === undefined || isGoDuration(text)) return text;
    report(`${path} Does not match format 'duration'`, node.at);
    return undefined;
  },
  merge: replace,
};

/** A whole number; a filled-in variable may give it as a text. */
export const INTEGER: Form<number> = scalarForm("an integer", (node, path) =>
  castOf(node, path, /^[+-]?\d{1,15}$/, Number.isInteger),
);

export const NUMBER: Form<number> = scalarForm("a number", (node, path) =>
  castOf(node, path, /^[+-]?\d{1,15}(\.\d{1,15})?$/, Number.isFinite),
);

/** A YAML boolean. */
export const BOOLEAN: Form<boolean> = {
  read(node, path, report) {
    if (node.kind === "scalar" && typeof node.value === "boolean" && /^(true|false)$/i.test(node.raw))
      return node.value;
    const isCast = node.kind === "scalar" && isFilledIn(node) && isCastByDocker(path);
    if (isCast && /^(y|yes|true|on|n|no|false|off)$/i.test(node.text))
      return /^(y|yes|true|on)$/i.test(node.text);
    report(`${path} must be a boolean: write true or false`, node.at);
    return undefined;
  },
  merge: replace,
};

function scalarForm<T extends string | number>(
  kind: string,
  take: (node: LocatedScalar, path: string) => T | undefined,
): Form<T> {
  return {
    read: (node, path, report) => {
      const value = node.kind === "scalar" ? take(node, path) : undefined;
      return value ?? refuse(`${path} must be ${kind}`, node, report);
    },
    merge: replace,
  };
}

function castOf(
  node: LocatedScalar,
  path: string,
  pattern: RegExp,
  isFit: (value: number) => boolean,
): number | undefined {
  const { value, text } = node;
  if (typeof value === "number") return isFit(value) ? value : undefined;
  return isFilledIn(node) && isCastByDocker(path) && pattern.test(text) ? Number(text) : undefined;
}

/** Paths below `services.NAME` where Docker turns filled-in text into numbers and booleans. Source: its loader. */
const CAST =
  /^(?:(?:configs|secrets)\.\d+\.mode|healthcheck\.(?:retries|disable)|deploy\.replicas|deploy\.(?:update|rollback)_config\.(?:parallelism|max_failure_ratio)|deploy\.restart_policy\.max_attempts|deploy\.placement\.max_replicas_per_node|ports\.\d+\.(?:target|published)|ulimits\.[^.]+(?:\.(?:hard|soft))?|privileged|oom_score_adj|read_only|stdin_open|tty|volumes\.\d+\.(?:read_only|volume\.nocopy))$/;
const CAST_DEFINITION =
  /^(?:networks\.[^.]+\.(?:external|internal|attachable)|(?:volumes|secrets|configs)\.[^.]+\.external)$/;

// Docker's list of paths does not match a service with a dot in its name.
function isCastByDocker(path: string): boolean {
  const [, key] = /^services\.[^.]+\.(.*)$/.exec(path) ?? [];
  return key === undefined ? CAST_DEFINITION.test(path) : CAST.test(key);
}

function isFilledIn({ value, raw, text }: LocatedScalar): boolean {
  return typeof value === "string" && raw !== text;
}
