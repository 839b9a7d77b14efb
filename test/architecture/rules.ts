import { bareCode, type Import, importsOf, type SourceFile, type Violation } from "./source.ts";

/** The rings, outermost first: a file imports only its own ring and later ones. */
export const RINGS: readonly { name: string; has: readonly string[] }[] = [
  { name: "entry", has: ["main.ts", "program.ts", "cli", "render", "init", "demo"] },
  { name: "flow", has: ["sweep", "records", "lint", "serve", "audit", "doctor", "investigate", "site"] },
  { name: "run", has: ["run"] },
  { name: "stages", has: ["cold-test", "promote", "brief", "report"] },
  {
    name: "means",
    has: [
      ...["app", "compose", "driver", "docker", "lane", "mirror", "forge", "edge", "evidence", "canonical"],
      ...["environment", "exceptions", "config", "page", "notify"],
    ],
  },
  { name: "doors", has: ["command", "lock", "host", "state", "fault.ts", "log.ts"] },
];
const isStage = (path: string) => RINGS.find(({ name }) => name === "stages")?.has.includes(top(path));

/** Programs of their own that the demo starts: they have a door to the outside where the service has one too. */
const DEMO_PROGRAMS = ["demo/server.ts", "demo/swarm-edge.ts"];

/** What runs in a reader's browser, whose world it may ask. */
const isInBrowser = isBelow("page/browser");

interface Door {
  what: string;
  /** Packages, and what leads to them. */
  modules: RegExp;
  isDoor: (path: string) => boolean;
}

const DOORS: readonly Door[] = [
  { what: "processes", modules: /^execa$/, isDoor: (path) => path === "command/run.ts" },
  {
    what: "child_process",
    modules: /^(node:)?(child_process|cluster|worker_threads)$/,
    isDoor: () => false,
  },
  { what: "git", modules: /^simple-git$/, isDoor: isBelow("mirror") },
  {
    what: "files",
    modules: /^(node:)?fs(\/promises)?$/,
    isDoor: (path) => ["state", "host", "lock"].some((folder) => isBelow(folder)(path)),
  },
  {
    what: "the network",
    modules: /^(node:)?(http|https|http2|net|tls|dgram|dns)(\/promises)?$|^undici$|^edge\/node-http\.ts$/,
    isDoor: (path) =>
      isBelow("edge")(path) ||
      isBelow("forge")(path) ||
      isBelow("serve/http")(path) ||
      DEMO_PROGRAMS.includes(path),
  },
];

interface Word {
  what: string;
  pattern: RegExp;
  isAllowed: (path: string) => boolean;
}

const WORDS: readonly Word[] = [
  {
    what: "the surroundings or the clock are arguments: only main.ts reads them",
    pattern:
      /\bprocess\s*\.\s*(env|argv|cwd|hrtime)\b|\bDate\s*\.\s*now\b|\bnew Date\(\s*\)|\bperformance\s*\.\s*now\b/,
    isAllowed: (path) => path === "main.ts" || path === "demo/server.ts" || isInBrowser(path),
  },
  {
    what: "only edge, forge and notify use the network",
    pattern: /(?<![.\w])fetch\s*\(|\bnew WebSocket\b/,
    isAllowed: (path) =>
      ["edge", "forge", "notify"].some((folder) => isBelow(folder)(path)) || isInBrowser(path),
  },
  {
    what: "only main.ts ends the process",
    pattern: /\bprocess\s*\.\s*(exit\b|abort\b|exitCode\s*=)/,
    isAllowed: (path) => path === "main.ts" || DEMO_PROGRAMS.includes(path),
  },
  {
    what: "a child's environment is made of its program's list; only tests and the operator's commands have the contract's",
    pattern: /\bEnvironment\s*\.\s*ofOperator\b/,
    isAllowed: (path) => ["app/run-test.ts", "app/health.ts", "driver/command/run-line.ts"].includes(path),
  },
  {
    what: "nothing but command/environment.ts makes an environment",
    pattern: /\bas\s+(?:\w+\s+as\s+)?Environment\b|\bnew Environment\b|\bsimpleGit\(/,
    isAllowed: (path) => path === "command/environment.ts" || path === "mirror/local-git.ts",
  },
  {
    what: "no program is started in a checkout, which may hold what it would read",
    pattern: /\bcwd\s*:[^,;}]*checkout/i,
    isAllowed: () => false,
  },
  { what: "no default exports", pattern: /\bexport default\b/, isAllowed: () => false },
];

/** `core/` is pure: it imports itself, semver and zod, and nothing of Node. */
export function corePurity(files: readonly SourceFile[]): Violation[] {
  return eachImport(files, (file, { isOurs, target }) => {
    if (!file.path.startsWith("core/")) return null;
    const isPure = isOurs ? target.startsWith("core/") : target === "semver" || target === "zod";
    return isPure ? null : "core imports only core, semver and zod";
  });
}

/** One door to the outside for each kind of it. */
export function doors(files: readonly SourceFile[]): Violation[] {
  return eachImport(files, (file, { target }) => {
    const door = DOORS.find(({ modules }) => modules.test(target));
    return door === undefined || door.isDoor(file.path) ? null : `there is another door for ${door.what}`;
  });
}

/** Time, environment and network by what is called instead of imported. */
export function words(files: readonly SourceFile[]): Violation[] {
  return files.flatMap((file) => {
    const code = bareCode(file);
    return WORDS.filter(({ isAllowed, pattern }) => !isAllowed(file.path) && pattern.test(code)).map(
      ({ pattern, what }) => `${file.path}: ${pattern.exec(code)?.[0]}: ${what}`,
    );
  });
}

/** A ring imports only its own or later rings, a stage no other stage; everybody may import core. */
export function rings(files: readonly SourceFile[]): Violation[] {
  const homeless = files
    .filter(({ path }) => top(path) !== "core" && ringOf(path) === -1)
    .map(({ path }) => `${path}: ${top(path)} belongs to no ring: say to which in this test`);
  const crossing = eachImport(files, (file, { isOurs, target }) => {
    if (!isOurs || top(file.path) === "core" || top(target) === "core") return null;
    const from = ringOf(file.path);
    const to = ringOf(target);
    if (target === "main.ts") return "nothing imports main.ts";
    if (to < from) return `${RINGS[from]?.name} must not import ${RINGS[to]?.name}`;
    if (isStage(file.path) && isStage(target) && top(file.path) !== top(target))
      return "stages do not import each other: the flow hands one's result to the next";
    return null;
  });
  return [...homeless, ...crossing];
}

/**
 * No file imports itself through others, and no folder does: neither those of `src`, nor the subfolders that lie beside
 * each other in one. A folder and its own subfolders may import each other. Types count.
 */
export function circles(files: readonly SourceFile[]): Violation[] {
  const arrows = files.flatMap((file) =>
    importsOf(file).flatMap(({ isOurs, target }) => (isOurs ? [[file.path, target] as const] : [])),
  );
  const folders = new Set(["", ...files.flatMap(({ path }) => ancestorsOf(path))]);
  const between = [...folders].flatMap((folder) => circlesOf(arrows.map((arrow) => roomsIn(folder, arrow))));
  return [...circlesOf(arrows), ...between].map((circle) => `${circle.join(" → ")} import each other`);
}

/** The subfolders of `folder` that an import leads from and to; the same one twice where it stays in one or leaves. */
function roomsIn(folder: string, arrow: readonly [string, string]): readonly [string, string] {
  const [from, to] = arrow.map((path) => ancestorsOf(path).find((above) => parentOf(above) === folder));
  return from === undefined || to === undefined ? ["", ""] : [from, to];
}

/** `["a", "a/b"]` for `a/b/c.ts`. */
function ancestorsOf(path: string): string[] {
  const parts = path.split("/").slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}

function parentOf(folder: string): string {
  return folder.split("/").slice(0, -1).join("/");
}

/** Nothing outside `core/label` reads what happened out of a label: the outcome beside it says so. */
export function labels(files: readonly SourceFile[]): Violation[] {
  return files.flatMap((file) => {
    if (MAY_READ_LABELS.some((folder) => isBelow(folder)(file.path))) return [];
    const code = bareCode(file);
    return PARSES.flatMap((pattern) => pattern.exec(code)?.[0].trim() ?? []).map(
      (found) => `${file.path}: ${found}: read the row's outcome (kindOf, isOutcome), never its label`,
    );
  });
}

/** In compose files other labels are read. */
const MAY_READ_LABELS = ["core/label", "compose"];

const TEXT = String.raw`\b(?:label|detail)\b`;
const PARSES: readonly RegExp[] = [
  /\blabelKind\b/,
  new RegExp(
    String.raw`${TEXT}\s*\??\.\s*(?:startsWith|endsWith|includes|indexOf|match|matchAll|split|slice|substring|search|replace|replaceAll|at)\s*\(`,
  ),
  // A pattern that is tried on one, however it is called.
  new RegExp(String.raw`\.\s*(?:test|exec)\s*\([^()]*${TEXT}`),
  // A comparison with words that stand there: strings are blank in bare code.
  /\blabel\b\s*[!=]==\s{2,}(?=[;)&|?:,}])/,
];

/** The groups of names that all lead to each other (what is left when all ends are taken away). */
function circlesOf(arrows: readonly (readonly [string, string])[]): string[][] {
  const next = new Map<string, Set<string>>();
  for (const [from, to] of arrows) if (from !== to) next.set(from, (next.get(from) ?? new Set()).add(to));
  const open = new Set(next.keys());
  let found = true;
  // A name that leads nowhere, or that nothing leads to, is in no circle.
  while (found) {
    const isLedTo = new Set([...open].flatMap((name) => [...(next.get(name) ?? [])]));
    const idle = [...open].filter(
      (name) => !isLedTo.has(name) || ![...(next.get(name) ?? [])].some((to) => open.has(to)),
    );
    for (const name of idle) open.delete(name);
    found = idle.length > 0;
  }
  return open.size === 0 ? [] : [[...open].sort()];
}

/** Reading a recipe's files is no driver's own: both drivers that deploy to a swarm do it in the same way. */
const SHARED_BY_DRIVERS = "recipe-files";

/** Makes the drivers. */
const FACTORY = "run/drivers.ts";

/**
 * A driver's folder imports no other driver's; what they share stands in `driver/*.ts` and `driver/recipe-files`. From
 * outside, only the factory imports one.
 */
export function drivers(files: readonly SourceFile[]): Violation[] {
  return eachImport(files, (file, { isOurs, target }) => {
    const [from, to] = [driverOf(file.path), driverOf(target)];
    if (!isOurs || to === null || from === to || file.path === FACTORY) return null;
    if (from !== null) return `the driver ${from} must not import the driver ${to}`;
    return top(file.path) === "driver" ? null : `only ${FACTORY} imports a driver`;
  });
}

/** What such a file keeps is what the same question would be answered again: only time depends on it. */
const MEMOS = [
  "config/allowed-keys.ts",
  "config/yaml-file.ts",
  "core/schedule/local-time.ts",
  "docker/volumes/jail.ts",
  "render/width.ts",
];

const MODULE_STATE = [
  /^(?:export )?(?:let|var)\b.*/m,
  /^(?:export )?const \w+(?:: (?!Readonly)[^=]*)? = new (?:Weak)?(?:Map|Set)\b/m,
  /^(?:export )?const \w+(?:: (?![Rr]eadonly)[^=]*)? = (?:\[\]|\{\});/m,
];

/** A module keeps nothing between two calls: what a run knows stands in the run. */
export function moduleState(files: readonly SourceFile[]): Violation[] {
  return files.flatMap((file) => {
    const code = bareCode(file);
    if (MEMOS.includes(file.path) || isInBrowser(file.path)) return [];
    return MODULE_STATE.flatMap((pattern) => {
      const found = pattern.exec(code)?.[0];
      return found === undefined ? [] : [`${file.path}: ${found}: a module keeps no state`];
    });
  });
}

const FORBIDDEN_NAME = /(^|[-_.])(utils?|helpers?|common|manager|misc)([-_.]|$)/;

/** Names that say nothing of what is in there. */
export function names(files: readonly SourceFile[]): Violation[] {
  return files
    .filter(({ path }) => path.split("/").some((part) => FORBIDDEN_NAME.test(part)))
    .map(({ path }) => `${path}: a name that says nothing of what is in there`);
}

/** Work that was put off belongs into an issue, not into the code. */
export function putOff(files: readonly SourceFile[]): Violation[] {
  return files.flatMap(({ path, text }) => {
    const found = /\b(TODO|FIXME|XXX|HACK)\b/.exec(text);
    return found === null ? [] : [`${path}: ${found[0]}`];
  });
}

export const LONGEST_FILE = 250;
export const LONGEST_FUNCTION = 60;

/** Files and functions that cannot be read at once. Blank lines do not count. */
export function sizes(files: readonly SourceFile[]): Violation[] {
  return files.flatMap((file) => {
    const lines = file.text.trimEnd().split("\n").length;
    const long = lines > LONGEST_FILE ? [`${file.path}: ${lines} lines`] : [];
    return [...long, ...longFunctions(file)];
  });
}

const OPENS_FUNCTION = /^(\s*)(?:\S.*)?(?:\bfunction\b.*|=> \{)$/;

// The formatter closes what a line opens at the same indentation.
function longFunctions(file: SourceFile): Violation[] {
  const lines = bareCode(file)
    .split("\n")
    .map((line) => line.trimEnd());
  return lines.flatMap((line, begin) => {
    const indentation = OPENS_FUNCTION.exec(line)?.[1];
    if (indentation === undefined) return [];
    const closing = new RegExp(`^${indentation}\\}[;,)\\]]*$`);
    const length = lines.slice(begin + 1).findIndex((candidate) => closing.test(candidate));
    const body = lines.slice(begin, begin + length + 2).filter((text) => text !== "");
    if (length === -1 || body.length <= LONGEST_FUNCTION) return [];
    return [`${file.path}:${begin + 1}: a function of ${body.length} lines`];
  });
}

function eachImport(
  files: readonly SourceFile[],
  judge: (file: SourceFile, imported: Import) => string | null,
): Violation[] {
  return files.flatMap((file) =>
    importsOf(file).flatMap((imported) => {
      const problem = judge(file, imported);
      return problem === null ? [] : [`${file.path} imports ${imported.target}: ${problem}`];
    }),
  );
}

function ringOf(path: string): number {
  return RINGS.findIndex(({ has }) => has.includes(top(path)));
}

function top(path: string): string {
  return path.split("/")[0] ?? "";
}

function driverOf(path: string): string | null {
  const [folder, driver, file] = path.split("/");
  const isDriver = folder === "driver" && file !== undefined && driver !== SHARED_BY_DRIVERS;
  return isDriver ? (driver ?? null) : null;
}

function isBelow(folder: string): (path: string) => boolean {
  return (path) => path.startsWith(`${folder}/`);
}
