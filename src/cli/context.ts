import { dirname } from "node:path";
import { setFlagsFromString } from "node:v8";
import { createToolbox } from "../command/toolbox.ts";
import type { Config } from "../config/config.ts";
import { findConfigurationFolder } from "../config/find.ts";
import { loadConfig } from "../config/load.ts";
import type { Context } from "../run/context.ts";
import { isThere, listFolder } from "../state/files.ts";
import { usableFolder } from "../state/folder-name.ts";
import { type StatePaths, statePaths } from "../state/paths.ts";
import type { Invocation } from "./invocation.ts";
import { openReporting, type Reporting } from "./reporting.ts";

export interface ContextOptions {
  /** Redraws lines on a terminal: for commands that take long. */
  live?: boolean;
  /** Called when a second signal ends the program at once. */
  onLeave?: (state: StatePaths) => void;
}

/** Starters of the program other than people, as named in `CANONICAL_SWEEP_TRIGGER`. */
const TRIGGERS = ["timer", "daemon", "catch-up"] as const;

/**
 * Runs a command with its context: the configuration named by the options, the state folder, tools, log and progress.
 * From here on Ctrl-C and TERM ask to stop instead of ending the program.
 */
export async function withContext<T>(
  invocation: Invocation,
  options: ContextOptions,
  work: (context: Context, reporting: Reporting) => Promise<T>,
): Promise<T> {
  const { surroundings } = invocation;
  const { env, clock, program } = surroundings;
  const config = configOf(invocation);
  keepYoungGenerationSmall(config.recipes.length);
  const state = statePaths(config.state);
  const reporting = await openReporting(invocation, options.live ?? false);
  const signal = surroundings.listenForStop(() => {
    reporting.close();
    options.onLeave?.(state);
    return describeLeftBehind(state);
  });
  signal.addEventListener("abort", () => reporting.say(stopNotice(String(signal.reason))), { once: true });
  const context: Context = {
    config,
    state,
    tools: createToolbox(config.path),
    home: usableFolder("HOME", surroundings.home),
    clock,
    log: reporting.log,
    signal,
    progress: reporting.progress,
    program,
    trigger: TRIGGERS.find((trigger) => trigger === env.CANONICAL_SWEEP_TRIGGER) ?? "manual",
  };
  try {
    return await work(context, reporting);
  } finally {
    reporting.close();
  }
}

/**
 * The configuration named by the options, the environment or the working directory; throws a Fault if there is none.
 */
export function configOf({ surroundings, global }: Invocation): Config {
  const found = findConfigurationFolder({
    option: global.config ?? undefined,
    variable: surroundings.env.CANONICAL_SWEEP_CONFIG,
    workingDirectory: surroundings.cwd,
  });
  const folder = usableFolder("the configuration's folder", found);
  const config = loadConfig(folder, { state: global.state ?? undefined });
  usableFolder("the state folder", config.state);
  return config;
}

function stopNotice(signal: string): string {
  const again = signal === "SIGINT" ? "; Ctrl-C once more leaves at once" : "";
  return `${signal}: the step under way is finished or rolled back, then this ends${again}`;
}

const MANY_RECIPES = 1_000;

/**
 * V8 doubles the space of new objects while a program makes many, up to 16 MiB per half, three of which count as
 * resident. A plan of thousands of recipes makes many short-lived objects: slow growth keeps it at 161 MiB instead of
 * 269 for 5,000 recipes, in the same time (measured on two cores).
 */
function keepYoungGenerationSmall(recipes: number): void {
  if (recipes >= MANY_RECIPES) setFlagsFromString("--semi-space-growth-factor=1");
}

/** Things that an abrupt exit leaves behind in the state folder, a line each. */
function describeLeftBehind(state: StatePaths): string[] {
  const promotions = listFolder(state.canonicals).filter((recipe) =>
    isThere(state.canonical(recipe).promotion),
  );
  const runs = listFolder(dirname(state.scratch("run")));
  const lines = [
    ...promotions.map(
      (recipe) => `a promotion of ${recipe}, half done (${state.canonical(recipe).promotion})`,
    ),
    ...runs.map((run) => `the test app and checkouts of run ${run} (${state.scratch(run)})`),
  ];
  if (lines.length === 0) return ["left at once; nothing was under way"];
  return [
    "left at once, and left behind:",
    ...lines.map((line) => `  ${line}`),
    "commands that were running may still run. The next run ends them, rolls back what is half done and removes the rest: `canonical-sweep clean`",
  ];
}
