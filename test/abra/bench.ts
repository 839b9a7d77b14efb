import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { createToolbox } from "../../src/command/toolbox.ts";
import type { App, Source } from "../../src/core/app.ts";
import { stackName } from "../../src/core/stack-name.ts";
import { createAbraDriver } from "../../src/driver/abra/abra-driver.ts";
import type { AbraOptions } from "../../src/driver/abra/abra-options.ts";
import type { Driver } from "../../src/driver/driver.ts";
import { type RecordedStep, recordedStep } from "../support/recorded-step.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { TEST_GIT_ENVIRONMENT, type Upstream } from "../support/upstream.ts";
import { cleanAfterwards } from "./swarm.ts";

/** The operator's abra, or the program that stands in for it. */
export const ABRA_PROGRAM = process.env.SWEEP_ABRA ?? join(import.meta.dirname, "../programs/abra/abra");

export interface Bench extends RecordedStep {
  folder: string;
  driver: Driver;
  options: AbraOptions;
  upstream: Upstream;
  app: App;
  /** A release, or any commit, of the upstream, checked out. */
  source(version: string): Source;
  /** The same app as another run would see it: nothing of the first one's own files is there. */
  again(changes?: Partial<App>): App;
}

/** A driver with a state folder, an upstream and one app, all of it gone when the test has finished. */
export function openBench(
  makeUpstream: (folder: string) => Upstream,
  changes: { app?: Partial<App>; options?: Partial<AbraOptions>; limitMs?: number } = {},
): Bench {
  const folder = temporaryFolder("abra");
  const options = { ...optionsIn(folder), ...changes.options };
  const upstream = makeUpstream(folder);
  const app = { ...appIn(folder, `notes-${randomBytes(3).toString("hex")}.t.example.org`), ...changes.app };
  cleanAfterwards(app.stack);
  const step = recordedStep(folder, { limitMs: changes.limitMs ?? 90_000 });
  let scratch = 0;
  return {
    ...step,
    ...{ folder, options, upstream, app },
    driver: createAbraDriver(options),
    source: (version) => checkOut(folder, upstream, version),
    again: (more = {}) => {
      const path = join(folder, `scratch-${++scratch}`);
      mkdirSync(path);
      return { ...app, scratch: path, ...more };
    },
  };
}

function optionsIn(folder: string): AbraOptions {
  const tools = join(folder, "tools");
  mkdirSync(tools);
  symlinkSync(ABRA_PROGRAM, join(tools, "abra"));
  return {
    tools: createToolbox([tools, "/usr/sbin", "/usr/bin", "/bin", "/usr/local/bin"]),
    // The operator's own abra finds Docker's contexts and its keys at home.
    home: process.env.SWEEP_ABRA === undefined ? folder : (process.env.HOME ?? folder),
    stateRoot: join(folder, "state"),
    abraFolder: join(folder, ".abra"),
    crashLoop: { exits: 5, longestUpMs: 30_000 },
    snapshotHelper: "none",
  };
}

function appIn(folder: string, domain: string): App {
  const scratch = join(folder, "scratch");
  mkdirSync(scratch);
  return {
    recipe: "notes",
    instance: "cold",
    domain,
    stack: stackName(domain),
    run: "test-run",
    lane: { name: "main", server: "default", context: "default" },
    edge: { address: "127.0.0.1", port: 443, scheme: "https" },
    owner: "state-of-the-test",
    scratch,
    data: join(folder, "data"),
    env: { GREETING: "good 'day' $HOME" },
    kept: null,
  };
}

function checkOut(folder: string, upstream: Upstream, version: string): Source {
  const commit = upstream.git("rev-parse", `${version}^{commit}`);
  const checkout = join(folder, `checkout-${randomBytes(3).toString("hex")}`);
  const git = (...args: string[]) => execFileSync("git", args, { env: TEST_GIT_ENVIRONMENT });
  git("clone", "--quiet", "--", upstream.folder, checkout);
  git("-C", checkout, "checkout", "--quiet", "--detach", commit);
  return { recipe: "notes", version, commit, checkout, mirror: upstream.folder };
}
