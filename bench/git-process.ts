import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

/** A git server in a process of its own, so that it has no part in what the measuring process does. */
export interface GitProcess extends AsyncDisposable {
  url: string;
  /** How many fetches it has answered so far. */
  fetches(): Promise<number>;
}

export async function startGitProcess(root: string): Promise<GitProcess> {
  const child = fork(join(import.meta.dirname, "serve-git.ts"), [root], { execArgv: [] });
  const answer = async <T>() => (await once(child, "message"))[0] as T;
  const { url } = await answer<{ url: string }>();
  return {
    url,
    fetches: async () => {
      child.send("fetches");
      return (await answer<{ fetches: number }>()).fetches;
    },
    [Symbol.asyncDispose]: async () => {
      child.disconnect();
      await once(child, "exit");
    },
  };
}
