import { z } from "zod";
import { deadlineIn } from "../command/deadline.ts";
import { Environment } from "../command/environment.ts";
import { runCommand } from "../command/run.ts";
import { missingTool, remedyOf, searchTool, type Toolbox } from "../command/toolbox.ts";
import { TOOLS, type Tool, testTool } from "../command/tools.ts";
import { isAtLeast } from "../command/version-order.ts";
import type { Config } from "../config/config.ts";
import { Fault, orFault } from "../fault.ts";
import type { Clock } from "../log.ts";
import { fileIdentity, hashFile, isScript } from "../state/file-facts.ts";
import { readJson, writeCache } from "../state/files.ts";

/** Facts about one tool on this machine. */
export interface ToolReport {
  name: string;
  /** Absolute; null if it is missing. */
  path: string | null;
  version: string | null;
  /** The oldest accepted version; null: any. */
  atLeast: string | null;
  /** The SHA-256 of its file in hex. */
  hash: string | null;
  /** Its purpose; null if it is only recorded in the fingerprint. */
  neededFor: string | null;
  /** Why nothing can begin with the tool in this state; only for needed tools. */
  problem: string | null;
}

const CACHE_SCHEMA = 1;
const Known = z.object({ identity: z.string(), version: z.string().nullable(), hash: z.string().nullable() });
type Known = z.infer<typeof Known>;
const Cache = z.object({ schema: z.literal(CACHE_SCHEMA), tools: z.record(z.string(), Known) });

/**
 * Looks at every tool of the tool declaration and of `tools:`, side by side. `cache` (`StatePaths.toolCache`) keeps
 * facts about unchanged files, so that a second look starts no process; without it nothing is written. Faults are a
 * `problem` of the report: `requireTools` makes them a Fault.
 */
export async function preflight(
  config: Config,
  toolbox: Pick<Toolbox, "searchPath">,
  clock: Clock,
  cache: string | null = null,
): Promise<ToolReport[]> {
  const known = cache === null ? {} : readCache(cache);
  const looked = await Promise.all(
    declaredTools(config).map((tool) => lookAt(tool, config, toolbox.searchPath, known, clock)),
  );
  const next = Object.fromEntries(looked.flatMap(({ report, known }) => entryOf(report, known)));
  if (cache !== null && JSON.stringify(next) !== JSON.stringify(known)) keepKnown(cache, next);
  return looked.map(({ report }) => report);
}

// If the disk is full or read-only, the facts are looked up again next time.
function keepKnown(cache: string, tools: Readonly<Record<string, Known>>): void {
  orFault(() => writeCache(cache, `${JSON.stringify({ schema: CACHE_SCHEMA, tools })}\n`));
}

/** Throws a `Fault` (machinery) that names every needed tool that is missing or too old, with its remedy. */
export function requireTools(reports: readonly ToolReport[]): void {
  const unfit = reports.filter((report) => report.problem !== null);
  if (unfit.length === 0) return;
  const headline = unfit.map((report) => `${report.problem} (needed for ${report.neededFor})`);
  const remedies = unfit.map((report) => remedyOf(report.name));
  throw new Fault("machinery", headline.join("; "), [...new Set(remedies)].join("; "));
}

function declaredTools(config: Config): Tool[] {
  const own = TOOLS.map((tool) => {
    const asked = config.tools.find((wanted) => wanted.name === tool.name);
    return asked === undefined ? tool : stricter(tool, asked.atLeast);
  });
  const others = config.tools.filter((wanted) => !TOOLS.some((tool) => tool.name === wanted.name));
  return [...own, ...others.map((wanted) => testTool(wanted.name, wanted.atLeast))];
}

function stricter(tool: Tool, atLeast: string | null): Tool {
  const { neededFor } = testTool(tool.name, atLeast);
  const isHigher = atLeast !== null && (tool.atLeast === null || isAtLeast(atLeast, tool.atLeast));
  return {
    ...tool,
    atLeast: isHigher ? atLeast : tool.atLeast,
    neededFor: (config) => tool.neededFor(config) ?? neededFor(config),
  };
}

interface Looked {
  report: ToolReport;
  known: Known | null;
}

async function lookAt(
  tool: Tool,
  config: Config,
  searchPath: string,
  cache: Readonly<Record<string, Known>>,
  clock: Clock,
): Promise<Looked> {
  const { name } = tool;
  const neededFor = tool.neededFor(config);
  const path = searchTool(name, searchPath);
  const identity = path === null ? null : fileIdentity(path);
  if (path === null || identity === null) {
    const problem = neededFor === null ? null : missingTool(name, searchPath);
    return {
      report: { name, path: null, version: null, atLeast: tool.atLeast, hash: null, neededFor, problem },
      known: null,
    };
  }
  const cached = cache[keyOf(name, path)];
  const known =
    cached?.identity === identity ? cached : await examine(tool, path, identity, searchPath, clock);
  const { version, hash } = known;
  const problem = neededFor === null ? null : problemOf(tool, path, version);
  return { report: { name, path, version, atLeast: tool.atLeast, hash, neededFor, problem }, known };
}

async function examine(
  tool: Tool,
  path: string,
  identity: string,
  searchPath: string,
  clock: Clock,
): Promise<Known> {
  const [version, hash] = await Promise.all([probeVersion(tool, path, searchPath, clock), hashFile(path)]);
  return { identity, version, hash };
}

function problemOf(tool: Tool, path: string, version: string | null): string | null {
  if (tool.atLeast === null) return null;
  if (version === null)
    return `${path} ${tool.probe.join(" ")} does not say a version; ${tool.atLeast} is needed`;
  return isAtLeast(version, tool.atLeast)
    ? null
    : `${path} is ${version}; at least ${tool.atLeast} is needed`;
}

// A script's answer may change without its file, and an answer that was not understood deserves another look.
function entryOf(report: ToolReport, known: Known | null): [string, Known][] {
  if (report.path === null || known === null || known.version === null || isScript(report.path)) return [];
  return [[keyOf(report.name, report.path), known]];
}

function keyOf(name: string, path: string): string {
  return `${name} ${path}`;
}

function readCache(path: string): Record<string, Known> {
  const reading = readJson(path, Cache, CACHE_SCHEMA);
  return reading.state === "read" ? reading.value.tools : {};
}

/** Limit for a program to print its version, in milliseconds. */
const LIMIT_MS = 15_000;

/** The version that a program reports; null if it reports none in time. */
async function probeVersion(
  tool: Pick<Tool, "probe" | "pattern">,
  path: string,
  searchPath: string,
  clock: Clock,
): Promise<string | null> {
  const result = await runCommand(
    {
      file: path,
      args: tool.probe,
      cwd: "/",
      env: Environment.of("probe", { searchPath }),
      deadline: deadlineIn(clock, `the version of ${path}`, LIMIT_MS),
    },
    clock,
  );
  return tool.pattern.exec(`${result.stdout}\n${result.stderr}`)?.[1] ?? null;
}
