/** Something that the program did to its state folder, or a command that it started, as crash-point.mjs lists it. */
export interface CrashEvent {
  /** The act and its path, and how often there was one: names the event in every run of the same story. */
  key: string;
  act: string;
  /** Below the state folder; of a command: its line. */
  path: string;
  /** What was written, or what was renamed. */
  detail: string;
  /** It can be cut short: a write, the removal of a folder. */
  canBeHalf: boolean;
}

/** A point at which the program is killed. */
export interface KillPoint {
  /** What crash-point.mjs is told. */
  at: string;
  /** What people are told. */
  name: string;
}

/** Of the points of a story whose code another one proves: those that are tried nevertheless. */
export const turningPoints = (at: string) => ALL || TURNING.test(at);
const TURNING =
  /^(rename (data|canonical\/notes\/(promotion|canonical))|end warm|start warm \.\/deploy|remove|write canonical\/notes\/history)/;

type Where = "before" | "amid" | "after";

/** Whether every event is tried, or those that can tell something apart. */
const ALL = process.env.FAULTS_DEPTH === "all";
/** What belongs to a canonical; evidence, scratch and the lock do not. */
const STATE = /^(canonical|data|snapshots|deployed)\//;
/** Questions to the app and to git: they change nothing, and how often they are asked depends on the clock. */
const QUESTION = /^(warm )?(exec 3<>|echo "http|cat |flock|git )/;

/**
 * The points of a story that ends with its last change of a canonical: around and amid each event. A coarse one
 * leaves out what a fine one of its kind has proven.
 */
export function killPoints(events: readonly CrashEvent[], grain: "fine" | "coarse"): KillPoint[] {
  const end = events.findLastIndex((event) => STATE.test(event.path));
  let step = "";
  return events.slice(0, end + 1).flatMap((event, index) => {
    step = stepIn(event) ?? step;
    const target = targetOf(event, events.slice(index));
    return placesAt(event, target, grain).map((where) => ({
      at: `${event.key} ${where}`,
      name: phrase(event, target, step, where),
    }));
  });
}

// A kill loses no write that was made: before a rename is after the write, and after a rename before the next.
function placesAt(event: CrashEvent, target: string, grain: "fine" | "coarse"): Where[] {
  const amid: Where[] = event.canBeHalf ? ["amid"] : [];
  if (ALL) return ["before", ...amid, "after"];
  const isFine = grain === "fine";
  if (event.act === "start" || event.act === "end") {
    if (QUESTION.test(event.path)) return [];
    if (event.act === "end") return event.path.startsWith("sync") ? [] : ["before"];
    return isFine && event.path.startsWith("warm") ? ["before", "after"] : ["after"];
  }
  if (!STATE.test(event.path) || target.startsWith("snapshots/")) return event.act === "remove" ? amid : [];
  if (event.act === "rename") return isFine ? ["before", "after"] : ["after"];
  if (event.act === "remove") return [...(isFine ? ["before" as const] : []), ...amid, "after"];
  return event.act === "write" && target !== "promotion.json" ? amid : [];
}

function phrase({ act, path, detail }: CrashEvent, target: string, step: string, where: Where): string {
  const at = step === "" || target === "promotion.json" ? "" : `step ${step}, `;
  const command = path.replace(/^(cp|sync) .*-- /, "$1 ");
  if (act === "start")
    return `${at}${where === "after" ? `while ${command} runs` : `before ${command} starts`}`;
  if (act === "end") return `${at}when ${command} has ended`;
  if (act === "rename" && target === "promotion.json") return `${where} promotion.json says "${step}"`;
  if (act === "rename" && !detail.endsWith("*.tmp")) return `${at}${where} ${detail} becomes ${target}`;
  const done = DONE[act] ?? act;
  if (where === "amid") return `${at}with half of ${target} ${done}`;
  return `${at}${where} ${target} is ${done}`;
}

const DONE: Readonly<Record<string, string>> = {
  create: "made",
  write: "written",
  append: "appended to",
  sync: "synced",
  rename: "replaced",
  remove: "removed",
  mkdir: "made",
  truncate: "shortened",
};

// A temporary file is known by what it becomes.
function targetOf(event: CrashEvent, following: readonly CrashEvent[]): string {
  const rename = following.find((later) => later.act === "rename" && later.detail === event.path);
  const path = event.path.endsWith("*.tmp") ? (rename?.path ?? event.path) : event.path;
  return path.replace(/^canonical\/[^/]+\//, "");
}

function stepIn(event: CrashEvent): string | null {
  if (event.act !== "write" || !event.detail.includes('"snapshotComplete"')) return null;
  return /"step": "([^"]+)"/.exec(event.detail)?.[1] ?? null;
}
