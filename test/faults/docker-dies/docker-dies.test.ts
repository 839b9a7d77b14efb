import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Report } from "../../../src/core/records/report.ts";
import { DOCKER } from "../../support/images.ts";
import { describeOnSwarm } from "../../support/swarm.ts";
import { rowOf } from "../../support/world.ts";
import { report } from "../fault.ts";
import { keptRecipeOnOwn } from "../swarm/kept-recipe.ts";
import type { StopPoint } from "../swarm/stop-point.ts";
import { startUntil, untilStopped } from "../swarm/stopped-program.ts";
import { begin, endOfNew, endOfOld, openStory, type Story, startNext } from "../swarm/story.ts";
import { type OwnDocker, startOwnDocker } from "./own-docker.ts";

const LIMIT_MS = 900_000;

interface Death {
  name: string;
  at: Omit<StopPoint, "signal">;
  /** Whether Docker is there again while the program waits for it, or after that has ended. */
  back: "while the program waits" | "for the next run";
  label: RegExp;
}

const FAILED = /^GREEN-BUT-PROMOTE-FAILED \(canonical=1\.\d\.0\+1,/;

const DURING_THE_COPY: Death = {
  name: "while the data is copied aside",
  at: says("snapshot"),
  back: "for the next run",
  label: FAILED,
};

const DEATHS: readonly Death[] = [
  ...(process.env.FAULTS_DEPTH === "all" ? [DURING_THE_COPY] : []),
  {
    name: "while the release is tested cold",
    at: starts("tests/install/says-its-version"),
    back: "for the next run",
    label: /^BLOCKED \(machinery: .*Cannot connect to the Docker daemon/,
  },
  {
    name: "while the new release is deployed",
    at: starts("--with-registry-auth -- warm-"),
    back: "for the next run",
    label: FAILED,
  },
  {
    name: "while the sentinel is looked for",
    at: starts("tests/data/verify"),
    back: "for the next run",
    label: FAILED,
  },
  // It may be there early enough for all to go on.
  {
    name: "while the new release is deployed",
    at: starts("--with-registry-auth -- warm-"),
    back: "while the program waits",
    label: /^(GREEN-BUT-PROMOTE-FAILED|PASS \(promoted)/,
  },
  {
    name: "while it is undeployed with its data retained",
    at: says("retain"),
    back: "while the program waits",
    label: /^(GREEN-BUT-PROMOTE-FAILED|PASS \(promoted)/,
  },
];

// On a lane that is a daemon of the test's own: nobody else's is ever ended.
describeOnSwarm("Docker that dies or hangs within a promotion", () => {
  let story: Story;
  let own: OwnDocker;

  beforeAll(async () => {
    own = await startOwnDocker(mkdtempSync(join(realpathSync(tmpdir()), "docker-")));
    story = await openStory((world) => keptRecipeOnOwn(world, "notes"), own.ask);
    const home = join(story.world.root, "home");
    mkdirSync(home);
    const context = ["context", "create", "own", "--docker", `host=${own.host}`];
    execFileSync(DOCKER, context, { env: { HOME: home }, stdio: "ignore" });
    story.world.configure({
      lanes: [{ name: "own", context: "own" }],
      environment: { OWN: own.host },
    });
    const { document } = await story.world.json("run", "notes");
    expect(labelIn(document)).toBe("PASS (promoted 1.0.0+1)");
  }, LIMIT_MS);
  afterAll(async () => {
    await own.close();
    await story.world.close();
  }, LIMIT_MS);

  it.for(DEATHS)(
    "is killed $name, and back $back",
    { timeout: LIMIT_MS },
    async ({ at, back, name, label: expected }, context) => {
      const before = await begin(story);
      const running = startUntil(story.world, { ...at, signal: "SIGSTOP" }, "--json", "run", "notes");
      await untilStopped(running);
      await own.kill();
      if (back === "while the program waits") await own.start();
      running.child.kill("SIGCONT");
      const { exit, stderr, stdout } = await running.end;
      if (back === "for the next run") await own.start();
      const label = labelIn(documentOf(stdout, stderr));
      expect(label, stderr).toMatch(expected);
      expect(exit, stderr).toBe(label.startsWith("PASS") ? 0 : 3);
      await startNext(story);
      const isPromoted = label.startsWith("PASS");
      const end = isPromoted ? await endOfNew(story, before) : await endOfOld(story, before);
      const outcome = `${label.replace(/ .*/, "")}, ${end.outcome}`;
      report(context, {
        ...end,
        kind: "kill point",
        name: `advance, idle: Docker killed ${name}, back ${back}`,
        outcome,
      });
    },
  );

  it("hangs while the new release is deployed: the step ends at its limit, and the next run rolls back", {
    timeout: LIMIT_MS,
  }, async (context) => {
    const before = await begin(story);
    story.recipe.set({ timeouts: { promote: "25s" } });
    const running = startUntil(
      story.world,
      { ...starts("--with-registry-auth -- warm-"), signal: "SIGSTOP" },
      "--json",
      "run",
      "notes",
    );
    await untilStopped(running);
    own.hang();
    running.child.kill("SIGCONT");
    const { exit, stderr, stdout } = await running.end.finally(own.goOn);
    story.recipe.set({ timeouts: { promote: "3m" } });
    const row = rowOf(documentOf(stdout, stderr), "notes");
    expect(row.label).toMatch(/^GREEN-BUT-PROMOTE-FAILED/);
    expect(row.detail).toMatch(/(deploy|converge): not done within 25s \(timeouts\.promote\); last seen: \S/);
    expect(exit).toBe(3);
    const { removed } = await startNext(story);
    expect(removed).toContain("was rolled back from its step deploy");
    const end = await endOfOld(story, before);
    report(context, {
      ...end,
      kind: "wedge",
      name: "advance, idle: Docker hangs while the new release is deployed",
    });
  });
});

function says(step: string): Omit<StopPoint, "signal"> {
  return { when: "after", act: "replace", what: "promotion.json", saying: `"step": "${step}"` };
}

function starts(what: string): Omit<StopPoint, "signal"> {
  return { when: "after", act: "start", what };
}

function documentOf(stdout: string, stderr: string): Report {
  expect(stdout, stderr).toMatch(/^\{/);
  return JSON.parse(stdout) as Report;
}

function labelIn(document: Report): string {
  return rowOf(document, "notes").label;
}
