import { entriesOf, type Text, valueAt } from "../../compose/located.ts";
import { isGoDuration } from "../../compose/word.ts";
import { sectionOf } from "../compose.ts";
import { type Compose, isFilledIn } from "../facts.ts";

/** A value that Docker refuses for its field. */
export interface UnfitValue {
  service: string;
  /** `healthcheck.start_period`. */
  field: string;
  value: Text;
  /** In Docker's words. */
  problem: string;
}

const DURATIONS = [
  "healthcheck.interval",
  "healthcheck.timeout",
  "healthcheck.start_period",
  "stop_grace_period",
  "deploy.restart_policy.delay",
  "deploy.restart_policy.window",
  "deploy.update_config.delay",
  "deploy.update_config.monitor",
  "deploy.rollback_config.delay",
  "deploy.rollback_config.monitor",
];
const NUMBERS = [
  "healthcheck.retries",
  "deploy.replicas",
  "deploy.restart_policy.max_attempts",
  "deploy.update_config.parallelism",
  "deploy.rollback_config.parallelism",
];
/** Durations and numbers of all services that are invalid once their variables are filled in. */
export function unfitValues(compose: Compose): UnfitValue[] {
  return compose.files.flatMap(({ root }) =>
    entriesOf(sectionOf(root, "services")).flatMap(([service, { value }]) => [
      ...DURATIONS.flatMap((field) => unfit(service, field, valueAt(value, ...field.split(".")), isDuration)),
      ...NUMBERS.flatMap((field) => unfit(service, field, valueAt(value, ...field.split(".")), isNumber)),
    ]),
  );
}

type Scalar = Text & { value: unknown };
type Judge = (path: string, value: Scalar) => string | null;

function unfit(service: string, field: string, node: ReturnType<typeof valueAt>, judge: Judge): UnfitValue[] {
  if (node?.kind !== "scalar" || node.value === null) return [];
  const problem = judge(`services.${service}.${field}`, node);
  return problem === null ? [] : [{ service, field, value: node, problem }];
}

function isDuration(path: string, { text, value }: Scalar): string | null {
  if (typeof value !== "string") return `${path} must be a string`;
  return isGoDuration(text) ? null : `${path} Does not match format 'duration'`;
}

// Docker converts to a number only text that it filled in itself.
function isNumber(path: string, value: Scalar): string | null {
  const isWritten = !isFilledIn(value);
  if (isWritten && typeof value.value !== "number")
    return `${path} must be a ${path.endsWith(".retries") ? "number" : "integer"}`;
  if (isWritten || /^[+-]?\d+$/.test(value.text)) return null;
  return `${path}: failed to cast to expected type`;
}
