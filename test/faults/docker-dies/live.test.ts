import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import type { Report } from "../../../src/core/records/report.ts";
import { DOCKER } from "../../support/images.ts";
import { describeOnSwarm } from "../../support/swarm.ts";
import { rowOf } from "../../support/world.ts";
import type { Told } from "../down/live-world.ts";
import { report } from "../fault.ts";
import { keptRecipeOnOwn } from "../swarm/kept-recipe.ts";
import { startUntil, untilStopped } from "../swarm/stopped-program.ts";
import { begin, endOfOld, openStory, type Story } from "../swarm/story.ts";
import { type OwnDocker, startOwnDocker } from "./own-docker.ts";

const LIMIT_MS = 900_000;
const DEPLOYS = { when: "after", act: "start", what: "--with-registry-auth -- warm-" } as const;

describeOnSwarm("Docker that is away while a live canonical is rolled back", () => {
  let story: Story;
  let own: OwnDocker;

  beforeAll(async () => {
    own = await startOwnDocker(mkdtempSync(join(realpathSync(tmpdir()), "docker-")));
    story = await openStory((world) => keptRecipeOnOwn(world, "notes", "live"), own.ask);
    const home = join(story.world.root, "home");
    mkdirSync(home);
    const context = ["context", "create", "own", "--docker", `host=${own.host}`];
    execFileSync(DOCKER, context, { env: { HOME: home }, stdio: "ignore" });
    story.world.configure({
      lanes: [{ name: "own", context: "own" }],
      environment: { OWN: own.host },
      listen: "127.0.0.1:0",
    });
    const { exit, stderr } = await story.world.json("run", "notes");
    expect(exit, stderr).toBe(0);
  }, LIMIT_MS);
  afterAll(async () => {
    await own.close();
    await story.world.close();
  }, LIMIT_MS);

  it("leaves it down, and the report says so; the daemon brings it up again soon after Docker is back", {
    timeout: LIMIT_MS,
  }, async (context) => {
    const { world } = story;
    const before = await begin(story);
    const running = startUntil(world, { ...DEPLOYS, signal: "SIGSTOP" }, "--json", "run", "notes");
    await untilStopped(running);
    await own.kill();
    running.child.kill("SIGCONT");
    const { exit, stderr, stdout } = await running.end;
    expect(exit, stderr).toBe(3);
    const document = JSON.parse(stdout) as Report;
    expect(rowOf(document, "notes").label).toMatch(/^GREEN-BUT-PROMOTE-FAILED/);
    expect(document.down).toMatchObject([{ recipe: "notes" }]);
    const told = async () => (await world.json<Told>("status")).document.down.map(({ recipe }) => recipe);
    expect(await told()).toEqual(["notes"]);
    for (const command of ["clean", "roll"]) expect((await world.call(command)).exit, command).toBe(5);
    expect(await told()).toEqual(["notes"]);
    const daemon = world.start("serve");
    await daemon.said("still down (5)");
    await own.start();
    await vi.waitUntil(() => world.read("canonical/notes/promotion.json") === null, {
      timeout: 300_000,
      interval: 200,
    });
    await daemon.said("notes: not down any longer");
    daemon.child.kill("SIGTERM");
    expect((await daemon.end).exit).toBe(0);
    expect(await told()).toEqual([]);
    const end = await endOfOld(story, before);
    const name =
      "advance, live: Docker killed while the new release is deployed, back while the daemon tries";
    report(context, { ...end, kind: "kill point", name, outcome: `down was said; ${end.outcome}, up again` });
  });
});
