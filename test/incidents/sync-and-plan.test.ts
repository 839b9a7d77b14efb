import { once } from "node:events";
import { mkdirSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { startGitServer } from "../support/git-server.ts";
import { createWorld, labelsOf, rowOf } from "../support/world.ts";

describe("a sweep of nothing", () => {
  it("hollow-sweep: exits with 4 without the recipe folder, says so in its first line, and sends no heartbeat", async () => {
    const asked: string[] = [];
    const listener = createServer((request, response) => {
      asked.push(request.url ?? "");
      response.end();
    }).listen(0, "127.0.0.1");
    await once(listener, "listening");
    onTestFinished(() => void listener.close());
    const { port } = listener.address() as AddressInfo;
    const world = createWorld({ heartbeat: `http://127.0.0.1:${port}/heartbeat` });
    const { document, exit } = await world.json("sweep");
    expect(exit).toBe(4);
    expect(document.honesty).toMatchObject({ enrolled: 0, hollow: true });
    expect(document.exit).toBe(4);
    expect(document.hollowReasons.join()).toContain("0 enrolled, the floor is 1");
    // The address itself would be a success, and that is earned.
    expect(asked).toEqual(["/heartbeat/start", "/heartbeat/fail"]);
    const shown = await world.call("sweep");
    expect(shown.exit).toBe(4);
    expect(shown.stdout.split("\n")[0]).toMatch(/hollow/i);
    const [, second] = world.runs();
    expect(
      world
        .read("runs", second ?? "", "report.md")
        ?.split("\n")
        .slice(0, 5)
        .join("\n"),
    ).toMatch(/hollow/i);
    expect((await world.call("plan")).exit).toBe(4);
  });

  it("hollow-sweep: names a recipe that was enrolled and is gone without a reason, but not a declined one", async () => {
    const world = createWorld();
    const gone = world.recipe("gone", { releases: ["1.0.0+1"] });
    const declined = world.recipe("declined", { releases: ["1.0.0+1"] });
    world.recipe("stays", { releases: ["1.0.0+1"] });
    expect((await world.json("sweep")).exit).toBe(0);
    declined.change({ settings: { canonical: false, reason: "its maintainer left" } });
    const fine = await world.json("sweep");
    expect([fine.exit, fine.document.honesty.hollow]).toEqual([0, false]);
    rmSync(gone.folder, { recursive: true });
    const hollow = await world.json("sweep");
    expect(hollow.exit).toBe(4);
    expect(hollow.document.hollowReasons).toEqual([
      expect.stringContaining("gone was enrolled in the last sweep"),
    ]);
  });
});

describe("upstreams over HTTP", () => {
  it("sync-failed-128: a mirror that git cannot sync blocks its recipe, in git's own words; the others go on", async () => {
    const world = createWorld();
    const server = await startGitServer(world.upstreams);
    onTestFinished(() => server.close());
    world.configure({ upstream: `${server.url}/{recipe}` });
    const bad = world.recipe("bad", { releases: ["1.0.0+1"] });
    world.recipe("good", { releases: ["1.0.0+1"] });
    await world.json("sweep");
    const record = bad.recordText();
    bad.publish("1.1.0+1");
    server.trouble("bad", { kind: "status", status: 500, body: "the disk is full" });
    const { document, exit } = await world.json("sweep");
    expect(labelsOf(document)).toEqual({ bad: "BLOCKED (sync-failed)", good: "SKIP no-new-version" });
    expect(rowOf(document, "bad").detail).toMatch(/500/);
    expect(rowOf(document, "bad")).toMatchObject({ tiers: [], needsHuman: true });
    expect(exit).toBe(3);
    expect(world.read("runs", document.run, "bad/install.log")).toBeNull();
    expect(bad.recordText()).toBe(record);
    const byHand = await world.json("run", "bad");
    expect(labelsOf(byHand.document)).toEqual({ bad: "BLOCKED (sync-failed)" });
    server.trouble("bad", { kind: "cut", bytes: 200 }, ["fetch"]);
    const cut = await world.json("sweep");
    expect(labelsOf(cut.document).bad).toBe("BLOCKED (sync-failed)");
    server.trouble("bad", null);
    expect(labelsOf((await world.json("sweep")).document).bad).toBe("PASS (promoted 1.1.0+1)");
  });

  it("`plan` changes nothing but the mirror cache, `plan --no-sync` nothing at all and asks nobody", async () => {
    const world = createWorld();
    const server = await startGitServer(world.upstreams);
    onTestFinished(() => server.close());
    world.configure({ upstream: `${server.url}/{recipe}` });
    const notes = world.recipe("notes", { releases: ["1.0.0+1"] });
    await world.json("sweep");
    notes.publish("1.1.0+1");
    const everything = world.files();
    const asked = server.requests.length;
    const cached = await world.json<{ rows: { askedAt: string }[] }>("plan", "--no-sync");
    expect(cached.document.rows).toMatchObject([{ action: "SKIP", reason: "no-new-version" }]);
    expect(Date.parse(cached.document.rows[0]?.askedAt ?? "")).toBeGreaterThan(0);
    expect(server.requests.length).toBe(asked);
    expect(world.files()).toEqual(everything);
    const fresh = await world.json<{ rows: object[] }>("plan");
    expect(fresh.document.rows).toMatchObject([
      {
        action: "RUN",
        reason: "new-release",
        latest: { version: "1.1.0+1" },
        canonical: { version: "1.0.0+1" },
      },
    ]);
    expect(fresh.exit).toBe(0);
    const outsideOfMirrors = (files: Record<string, string>) =>
      Object.fromEntries(
        Object.entries(files).filter(([path]) => !path.startsWith(`${world.state}/mirrors/`)),
      );
    expect(outsideOfMirrors(world.files())).toEqual(outsideOfMirrors(everything));
  });

  it("`plan` on a state folder that is new leaves nothing but the mirror cache in it", async () => {
    const world = createWorld();
    world.recipe("notes", { releases: ["1.0.0+1"] });
    mkdirSync(world.state);
    const plan = await world.json<{ rows: object[] }>("plan");
    expect(plan.document.rows).toMatchObject([{ action: "RUN", reason: "seed", canonical: null }]);
    const left = Object.keys(world.files()).map((path) => path.slice(world.state.length + 1).split("/")[0]);
    expect([...new Set(left)].filter((name) => name !== "lock")).toEqual(["mirrors"]);
  });

  it("`sweep --only-sync` brings the mirrors up to date, decides, and tests nothing", async () => {
    const world = createWorld();
    const notes = world.recipe("notes", { releases: ["1.0.0+1"] });
    const { document, exit } = await world.json("sweep", "--only-sync");
    expect(labelsOf(document)).toEqual({ notes: "NOT-RUN (only-sync)" });
    expect(exit).toBe(0);
    expect(notes.record()).toBeNull();
    expect(world.read("mirrors/notes.git/HEAD")).not.toBeNull();
  });
});
