import { join } from "node:path";
import { deadlineIn } from "../command/deadline.ts";
import { runCommand } from "../command/run.ts";
import type { Toolbox } from "../environment/toolbox.ts";
import { Fault } from "../fault.ts";
import type { Clock } from "../log.ts";
import { ensureFolder, writeWhole } from "../state/files.ts";
import type { SampleRelease } from "./sample-release.ts";

const LIMIT_MS = 30_000;
const AUTHOR = { NAME: "Sample Maintainer", EMAIL: "maintainer@demo.localhost" };

/** A repository that others own. */
export interface Upstream {
  /** Commits a release and tags it, annotated. */
  publish(release: SampleRelease): Promise<void>;
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
  const commit = async (file: string, content: string, message: string) => {
    writeWhole(join(folder, file), content);
    await git("add", "--all");
    await git("commit", "--quiet", "--allow-empty", "-m", message);
  };
  ensureFolder(folder);
  await git("init", "--quiet", "--initial-branch=main");
  return {
    publish: async (release) => {
      await commit("app.json", `${JSON.stringify(release, null, 2)}\n`, `Release ${release.version}`);
      await git("tag", "-a", "-m", `${recipe} ${release.version}`, "--", release.version);
    },
    commit: (message) => commit("README.md", `# ${recipe}\n\n${message}\n`, message),
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
