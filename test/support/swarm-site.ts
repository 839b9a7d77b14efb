import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Edge, startEdge } from "./edge.ts";
import { type GitServer, startGitServer } from "./git-server.ts";
import { DOCKER, helperImage } from "./images.ts";
import type { RunningProgram } from "./program.ts";
import { removeAllOf } from "./remove-all.ts";
import { queueForLane } from "./test-lane.ts";

/** What a world on a swarm stands on: the lane, a folder, upstreams behind HTTP and an edge. */
export interface SwarmSite {
  root: string;
  /** Every domain, and so every stack, of this site ends with it. */
  domain: string;
  configuration: string;
  /** Where the program looks for tools beside Docker's client. */
  tools: string;
  edge: Edge;
  git: GitServer;
  /** What `sweep.yaml` says of all this. */
  settings: Readonly<Record<string, unknown>>;
  running: Set<RunningProgram>;
  /**
   * Ends the calls by this signal, and removes all of the site from the swarm and, unless it is kept, its folder.
   * `removeMore` removes more while the lane is still held.
   */
  close(end: { signal: "SIGKILL" | "SIGTERM"; keep?: boolean; removeMore?(): void }): Promise<void>;
}

export interface SiteOptions {
  /** The name of the folder begins with it. */
  name: string;
  /** The length of the domain's word, in bytes. */
  wordBytes: number;
  /** Folders that lead to all of it. */
  below?: string;
  serviceOf?: Parameters<typeof startEdge>[0];
}

/** Opens a site, once no other test of this machine has the lane; whoever opens it closes it. */
export async function openSite(options: SiteOptions): Promise<SwarmSite> {
  const leaveLane = await queueForLane();
  try {
    return await makeSite(options, leaveLane);
  } catch (error) {
    await leaveLane();
    throw error;
  }
}

async function makeSite(options: SiteOptions, leaveLane: () => Promise<void>): Promise<SwarmSite> {
  const { name, wordBytes, below = "", serviceOf } = options;
  const top = mkdtempSync(join(realpathSync(tmpdir()), `${name}-`));
  const root = join(top, below);
  const tools = join(root, "tools");
  mkdirSync(tools, { recursive: true });
  mkdirSync(join(root, "upstreams"));
  const domain = `${randomBytes(wordBytes).toString("hex")}.test`;
  const [edge, git] = await Promise.all([startEdge(serviceOf), startGitServer(join(root, "upstreams"))]);
  const running = new Set<RunningProgram>();
  return {
    root,
    domain,
    configuration: join(root, "config"),
    tools,
    edge,
    git,
    settings: {
      domain,
      upstream: `${git.url}/{recipe}.git`,
      edge: { address: "127.0.0.1", port: edge.port, scheme: "http" },
      path: [dirname(DOCKER), tools],
      tools: [{ name: "curl" }],
      environment: { EDGE: edge.address },
      snapshot: { helper: helperImage() },
      disk: { minFree: "1MiB" },
    },
    running,
    close: async ({ signal, keep = false, removeMore }) => {
      for (const { child } of running)
        if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      try {
        await Promise.all([...running].map(({ end }) => end));
        await removeAllOf(domain);
        await Promise.all([edge.close(), git.close()]);
        removeMore?.();
        if (!keep) rmSync(top, { recursive: true, force: true });
      } finally {
        await leaveLane();
      }
    },
  };
}
