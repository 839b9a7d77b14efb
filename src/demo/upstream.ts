import { join } from "node:path";
import { deadlineIn } from "../command/deadline.ts";
import { runCommand } from "../command/run.ts";
import type { Toolbox } from "../environment/toolbox.ts";
import { Fault } from "../fault.ts";
import type { Clock } from "../log.ts";
import { ensureFolder, writeWhole } from "../state/files.ts";

const LIMIT_MS = 30_000;
const AUTHOR = { NAME: "Sample Maintainer", EMAIL: "maintainer@demo.localhost" };

/** A repository that others own. */
export interface Upstream {
  /** Commits the files of a release, by their path, and tags it, annotated. */
  publish(version: string, files: Readonly<Record<string, string>>): Promise<void>;
  /** Commits something without a tag. */
  commit(message: string): Promise<void>;
  tag(name: string): Promise<void>;
}

/** Makes an empty repository at `folder`, or opens the one that stands there. */
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
  const env = {
    PATH: tools.searchPath,
    HOME: folder,
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    ...Object.fromEntries(
      ["AUTHOR", "COMMITTER"].flatMap((who) => [
        [`GIT_${who}_NAME`, AUTHOR.NAME],
        [`GIT_${who}_EMAIL`, AUTHOR.EMAIL],
      ]),
    ),
  };
  const result = await runCommand({ file: tools.find("git"), args, cwd: folder, env, deadline }, clock);
  if (!result.ok)
    throw new Fault(
      "machinery",
      `${result.command} failed: ${result.stderr.trim()}`,
      "look at git on this machine",
    );
}
