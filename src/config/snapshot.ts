import { basename, join, relative } from "node:path";
import { deadlineIn } from "../command/deadline.ts";
import { Environment } from "../command/environment.ts";
import { runCommand } from "../command/run.ts";
import type { Toolbox } from "../command/toolbox.ts";
import type { Clock } from "../log.ts";
import { exists } from "../state/files.ts";
import { type CopyResult, copyFolder } from "../state/trees/copy.ts";
import type { Config } from "./config.ts";

/** Limit for git to describe the configuration folder, in milliseconds. */
const GIT_LIMIT_MS = 30_000;

/** The state of the configuration that a run used. */
export interface ConfigurationOrigin {
  path: string;
  /** The checked-out commit; null outside of a git repository. */
  commit: string | null;
  /** Whether anything in the folder differs from that commit, new files included; null without a commit. */
  dirty: boolean | null;
}

/**
 * Copies a configuration folder, tests included, for the run to keep: later changes on disk belong to the next run. Git
 * repositories in it (`.git`, bare ones) and the state folder are left out.
 */
export function copyConfiguration(from: string, to: string, state: string): CopyResult {
  const stateBelow = relative(from, state);
  return copyFolder(from, to, {
    leaveOut: (folder) =>
      folder === stateBelow || basename(folder) === ".git" || isBareRepository(join(from, folder)),
  });
}

/** The same configuration, but with the recipes' own files read from the copy. */
export function withConfigurationAt(config: Config, copy: string): Config {
  const recipes = config.recipes.map((recipe) => ({
    ...recipe,
    folder: join(copy, relative(config.folder, recipe.folder)),
  }));
  return { ...config, recipes };
}

/** Asks git about the configuration folder. A missing git or repository is not a fault. */
export async function configurationOrigin(
  config: Pick<Config, "folder" | "state">,
  tools: Toolbox,
  clock: Clock,
): Promise<ConfigurationOrigin> {
  const { folder, state } = config;
  const result = await runCommand(
    {
      file: tools.find("git"),
      args: [
        ...SAFELY,
        "status",
        "--porcelain=v2",
        "--branch",
        "--untracked-files=normal",
        "--",
        ...pathspecs(),
      ],
      cwd: folder,
      env: Environment.of("git", tools),
      deadline: deadlineIn(clock, "git status of the configuration", GIT_LIMIT_MS),
    },
    clock,
  );
  const lines = result.stdout.split("\n").filter((line) => line !== "");
  const commit = /^# branch\.oid ([0-9a-f]{40,64})$/m.exec(result.stdout)?.[1] ?? null;
  if (!result.ok || commit === null) return { path: folder, commit: null, dirty: null };
  return { path: folder, commit, dirty: lines.some((line) => !line.startsWith("# ")) };

  function pathspecs(): string[] {
    const below = relative(folder, state);
    return below.startsWith("..") || below === "" ? ["."] : [".", `:(exclude,literal)${below}`];
  }
}

// The folder may belong to another user, and its repository's settings must not start anything.
const SAFELY = ["-c", "safe.directory=*", "-c", "core.fsmonitor=false"];

function isBareRepository(folder: string): boolean {
  return ["HEAD", "objects", "refs"].every((name) => exists(join(folder, name)));
}
