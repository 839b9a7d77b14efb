import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Notice } from "../../src/core/notice.ts";
import { script } from "../support/sample-app.ts";
import { createWorld, labelsOf } from "../support/world.ts";

interface Seen {
  method: string;
  path: string;
  authorization: string | undefined;
  body: string;
}

let server: Server;
let url: string;
let seen: Seen[];
/** What is answered to each request of a path, in turn; then 200. */
let answers: Map<string, number[]>;

beforeEach(async () => {
  seen = [];
  answers = new Map();
  server = createServer(async (request, response) => {
    const path = request.url ?? "";
    const { method = "", headers } = request;
    seen.push({ method, path, authorization: headers.authorization, body: await text(request) });
    response.writeHead(answers.get(path)?.shift() ?? 200).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const paths = () => seen.map(({ path }) => path);
const seenAt = (path: string) => seen.filter((each) => each.path === path);

describe("a receiver of notifications", () => {
  it("hears of a live canonical that is down, whatever it asked for and though nothing has changed", async () => {
    const world = createWorld({ notify: [{ webhook: `${url}/change` }] });
    const notes = world.recipe("notes", { settings: { warm: "live" }, releases: ["1.0.0+1"] });
    await world.call("sweep");
    notes.change({ files: { "before-deploy.sh": 'echo "error: it may not start" >&2; exit 1\n' } });
    for (const pid of world.processes()) process.kill(pid, "SIGKILL");
    await world.call("sweep");
    const { exit } = await world.call("sweep");
    expect(exit).toBe(3);
    const notices = seenAt("/change").map(({ body }) => JSON.parse(body) as Notice);
    expect(notices.map(({ verdict }) => verdict)).toEqual(["good", "failure", "failure"]);
    expect(notices[2]).toMatchObject({
      title: "canonical-sweep: DOWN: notes",
      changes: [],
      needsHuman: [{ recipe: "notes", label: "SKIP no-new-version" }],
      down: [{ recipe: "notes", version: "1.0.0+1", command: "canonical-sweep roll" }],
    });
    expect(notices[2]?.text).toMatch(
      /Down now:\nnotes: the live canonical 1\.0\.0\+1 is down: .*it may not start/,
    );
  });

  it("hears of a change, the advice first, in its own form where it has one; the heartbeat is sent", async () => {
    const world = createWorld({
      heartbeat: `${url}/ping/sweep`,
      notify: [
        { webhook: `${url}/plain` },
        { webhook: `${url}/failure`, on: "failure" },
        { webhook: `${url}/room/{run}`, on: "always", method: "PUT", body: { msg: ["{title}", "{text}"] } },
      ],
    });
    world.recipe("green", { releases: ["1.0.0+1"] });
    const red = world.recipe("red", {
      releases: ["1.0.0+1"],
      files: { "tests/custom/no": script("exit 1") },
    });
    const first = await world.json("sweep");
    const { run } = first.document;
    expect(paths().sort()).toEqual(
      ["/failure", "/ping/sweep", "/ping/sweep/start", "/plain", `/room/${run}`].sort(),
    );
    expect(paths()[0]).toBe("/ping/sweep/start");
    const plain = JSON.parse(seenAt("/plain")[0]?.body ?? "");
    expect(plain).toMatchObject({
      schema: 1,
      event: "sweep",
      verdict: "attention",
      run,
      exit: 3,
      hollow: false,
    });
    expect(plain.needsHuman).toEqual([
      {
        recipe: "red",
        label: labelsOf(first.document).red,
        outcome: { kind: "FAIL", code: "custom", detail: "none" },
        command: `canonical-sweep show ${run} red`,
      },
    ]);
    const [room] = seenAt(`/room/${run}`);
    expect(room?.method).toBe("PUT");
    expect(JSON.parse(room?.body ?? "")).toEqual({ msg: [plain.title, plain.text] });

    red.change({ files: { "tests/custom/no": script("exit 0") } });
    await world.call("sweep");
    await world.call("sweep");
    seen = [];
    const quiet = await world.json("sweep");
    expect(quiet.exit).toBe(0);
    expect(paths()).toEqual(["/ping/sweep/start", ...paths().slice(1)]);
    expect(paths().sort()).toEqual(["/ping/sweep", "/ping/sweep/start", `/room/${quiet.document.run}`]);
  });

  it("hollow-sweep: hears of it, and the heartbeat is a failure instead of a success", async () => {
    const world = createWorld({ heartbeat: `${url}/ping`, notify: [{ webhook: `${url}/hook` }] });
    expect((await world.json("sweep")).exit).toBe(4);
    expect(paths().sort()).toEqual(["/hook", "/ping/fail", "/ping/start"]);
    expect(JSON.parse(seenAt("/hook")[0]?.body ?? "")).toMatchObject({
      verdict: "failure",
      hollow: true,
      title: "canonical-sweep: HOLLOW, the sweep proves nothing",
    });
  });

  it("hears of a sweep that a missing tool prevented", async () => {
    const world = createWorld({
      heartbeat: `${url}/ping`,
      notify: [{ webhook: `${url}/hook`, on: "failure" }],
      tools: [{ name: "no-such-tool" }],
    });
    world.recipe("green", { releases: ["1.0.0+1"] });
    expect((await world.call("sweep")).exit).toBe(5);
    expect(paths().sort()).toEqual(["/hook", "/ping/fail"]);
    expect(seenAt("/hook")[0]?.body).toContain("no-such-tool");
  });

  it("is tried again after a failure, and never harms the sweep or shows its address", async () => {
    const world = createWorld({
      notify: [
        { webhook: `${url}/weak` },
        { webhook: `${url}/refuses` },
        { webhook: "http://127.0.0.1:1/away" },
      ],
    });
    world.recipe("green", { releases: ["1.0.0+1"] });
    answers.set("/weak", [500, 503]);
    answers.set("/refuses", [404]);
    const { exit, document, stderr } = await world.json("sweep");
    expect(exit).toBe(0);
    expect(labelsOf(document)).toEqual({ green: "PASS (promoted 1.0.0+1)" });
    expect(paths().sort()).toEqual(["/refuses", "/weak", "/weak", "/weak"]);
    const journal = world.read("runs", document.run, "journal.jsonl") ?? "";
    expect(journal).toContain(`notify: ${url}/… answered 404`);
    expect(journal).toContain("asked 4 times");
    expect(`${journal}${stderr}`).not.toMatch(/\/(refuses|away)/);
  });

  it("gets a test message by hand, without a sweep", async () => {
    const world = createWorld({
      heartbeat: `${url}/ping`,
      notify: [{ webhook: `${url}/takes` }, { webhook: `${url}/refuses` }],
    });
    answers.set("/refuses", [403]);
    const { exit, document } = await world.json<{ told: { receiver: string; problem: string | null }[] }>(
      "notify",
    );
    expect(exit).toBe(5);
    expect(document.told).toEqual([
      { receiver: `${url}/…`, problem: null },
      { receiver: `${url}/…`, problem: `${url}/… answered 403` },
    ]);
    expect(paths().sort()).toEqual(["/refuses", "/takes"]);
    expect(world.runs()).toEqual([]);
  });
});
