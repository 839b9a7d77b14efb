import { bareCode, type Import, importsOf, type SourceFile, type Violation } from "./source.ts";

/** The rings, outermost first: a file imports only its own ring and later ones. */
const RINGS: readonly (readonly string[])[] = [
  ["main.ts", "program.ts", "cli", "render", "init", "demo"],
  ["sweep", "serve", "audit", "doctor", "investigate", "site"],
  ["cold-test", "promote", "brief", "report", "lint"],
  [
    ...["app", "compose", "driver", "docker", "lane", "mirror", "forge", "edge", "evidence", "canonical"],
    ...["environment", "exceptions", "config", "page", "notify"],
  ],
  ["command", "state", "fault.ts", "log.ts"],
];
const STAGES = 2;
const RING_NAMES = ["entry", "flow", "stages", "means", "doors"];

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
  { what: "files", modules: /^(node:)?fs(\/promises)?$/, isDoor: isBelow("state") },
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
    if (to < from) return `${RING_NAMES[from]} must not import ${RING_NAMES[to]}`;
    if (from === STAGES && to === STAGES && top(file.path) !== top(target))
      return "stages do not import each other: the flow hands one's result to the next";
    return null;
  });
  return [...homeless, ...crossing];
}

/** A driver's folder imports no other driver's; what they share stands in `driver/*.ts`. */
export function drivers(files: readonly SourceFile[]): Violation[] {
  return eachImport(files, (file, { isOurs, target }) => {
    const [from, to] = [driverOf(file.path), driverOf(target)];
    if (!isOurs || from === null || to === null || from === to) return null;
    return `the driver ${from} must not import the driver ${to}`;
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
  return RINGS.findIndex((ring) => ring.includes(top(path)));
}

function top(path: string): string {
  return path.split("/")[0] ?? "";
}

function driverOf(path: string): string | null {
  const [folder, driver, file] = path.split("/");
  return folder === "driver" && file !== undefined ? (driver ?? null) : null;
}

function isBelow(folder: string): (path: string) => boolean {
  return (path) => path.startsWith(`${folder}/`);
}
