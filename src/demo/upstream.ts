import { join } from "node:path";
import { deadlineIn } from "../command/deadline.ts";
import { Environment } from "../command/environment.ts";
import { runCommand } from "../command/run.ts";
import type { Toolbox } from "../command/toolbox.ts";
import { Fault } from "../fault.ts";
import type { Clock } from "../log.ts";
import { ensureFolder, writeWhole } from "../state/files.ts";

const LIMIT_MS = 30_000;
const AUTHOR = ["user.name=Sample Maintainer", "user.email=maintainer@demo.localhost"];

/** A repository that belongs to others. */
export interface Upstream {
  /** Commits the files of a release, by path, and tags it, annotated. */
  publish(version: string, files: Readonly<Record<string, string>>): Promise<void>;
  /** Makes a commit without a tag. */
  commit(message: string): Promise<void>;
  tag(name: string): Promise<void>;
}

/** Makes an empty repository at `folder`, or opens an existing one. */
export async function openUpstream(
  folder: string,
  recipe: string,
  tools: Toolbox,
  clock: Clock,
): Promise<Upstream> {
  const git = (...args: string[]) => runGit(folder, args, tools, clock);
  const commit = async (files: Readonly<Record<string, string>>, message: string) => {
    for (const [path, content] of Object.entries(files)) writeWhole(join(folder, path), content);
    await git("add", "--all");
    await git("commit", "--quiet", "--allow-empty", "-m", message);
  };
  ensureFolder(folder);
  await git("init", "--quiet", "--initial-branch=main");
  return {
    publish: async (version, files) => {
      await commit(files, `Release ${version}`);
      await git("tag", "-a", "-m", `${recipe} ${version}`, "--", version);
    },
    commit: (message) => commit({ "README.md": `# ${recipe}\n\n${message}\n` }, message),
    tag: (name) => git("tag", "--", name),
  };
}

async function runGit(folder: string, args: string[], tools: Toolbox, clock: Clock): Promise<void> {
  const deadline = deadlineIn(clock, "the demo", LIMIT_MS);
  const own = AUTHOR.flatMap((setting) => ["-c", setting]);
  const env = Environment.of("git", tools);
  const command = { file: tools.find("git"), args: [...own, ...args], cwd: folder, env, deadline };
  const result = await runCommand(command, clock);
  if (!result.ok)
    throw new Fault(
      "machinery",
      `${result.command} failed: ${result.stderr.trim()}`,
      "look at git on this machine",
    );
}
