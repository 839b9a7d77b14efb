import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { acknowledge, hold, release } from "../../src/exceptions/change.ts";
import {
  acknowledgementInForce,
  dayIn,
  holdInForce,
  listExceptions,
  readExceptions,
} from "../../src/exceptions/store.ts";
import { exists } from "../../src/state/files.ts";
import { statePaths } from "../../src/state/paths.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const NOON = Date.parse("2026-06-17T12:00:00Z");
const DAY = 86_400_000;

function place(now = NOON, root = temporaryFolder("exceptions")) {
  return { state: statePaths(root), timezone: "UTC", clock: { now: () => now } };
}

const request = { recipe: "gitea", reason: "waits for #123", until: "2026-06-20", owner: "ann" };

function recordOf(where: ReturnType<typeof place>) {
  const reading = readExceptions(where.state, "gitea");
  if (reading.state !== "read") throw new Error(reading.problem);
  return reading.value;
}

describe("silent-exception: a hold", () => {
  it("is kept with reason, end, owner and the time it was made", () => {
    const where = place();
    expect(hold(where, request).changed).toBe(true);
    expect(JSON.parse(readFileSync(join(where.state.exceptions, "gitea.json"), "utf8"))).toEqual({
      schema: 1,
      hold: {
        reason: "waits for #123",
        until: "2026-06-20",
        owner: "ann",
        since: "2026-06-17T12:00:00.000Z",
      },
      acknowledgement: null,
    });
  });

  it("is in force up to the end of its last day, and not a moment longer", () => {
    const where = place();
    hold(where, request);
    const record = recordOf(where);
    expect(holdInForce(record, Date.parse("2026-06-20T23:59:59Z"), "UTC")?.reason).toBe("waits for #123");
    expect(holdInForce(record, Date.parse("2026-06-21T00:00:00Z"), "UTC")).toBeNull();
  });

  it("ends by the clock of the configured time zone", () => {
    const where = place();
    hold(where, request);
    const moment = Date.parse("2026-06-20T22:30:00Z");
    expect(dayIn("Europe/Berlin", moment)).toBe("2026-06-21");
    expect(holdInForce(recordOf(where), moment, "Europe/Berlin")).toBeNull();
    expect(holdInForce(recordOf(where), moment, "America/New_York")).not.toBeNull();
  });

  it("that is asked for twice is one hold, dated by the first request", () => {
    const where = place();
    hold(where, request);
    const later = place(NOON + DAY, where.state.root);
    expect(hold(later, request)).toMatchObject({
      changed: false,
      exception: { since: "2026-06-17T12:00:00.000Z" },
    });
    expect(hold(later, { ...request, until: "2026-07-01" })).toMatchObject({ changed: true });
    expect(recordOf(later).hold?.until).toBe("2026-07-01");
  });

  it("may end today", () => {
    expect(hold(place(), { ...request, until: "2026-06-17" }).changed).toBe(true);
  });

  it.each([
    ["a day in the past", { until: "2026-06-16" }, "2026-06-16 is in the past: today is 2026-06-17"],
    ["a day that does not exist", { until: "2026-02-30" }, '"2026-02-30" is no day'],
    ["a day in another form", { until: "20.6.2026" }, '"20.6.2026" is no day'],
    ["no reason", { reason: "  " }, "an exception needs a reason"],
    ["a recipe's name that is a path", { recipe: "../x" }, '"../x" is no recipe\'s name'],
  ])("is refused for %s, and nothing is written", (_name, wrong, headline) => {
    const where = place();
    expect(() => hold(where, { ...request, ...wrong })).toThrow(headline);
    expect(exists(where.state.exceptions)).toBe(false);
  });
});

describe("an acknowledgement", () => {
  it("stands beside a hold, and stays when the hold is released", () => {
    const where = place();
    hold(where, request);
    acknowledge(where, { ...request, reason: "known" });
    expect(release(where, "gitea")?.reason).toBe("waits for #123");
    expect(recordOf(where).hold).toBeNull();
    expect(acknowledgementInForce(recordOf(where), NOON, "UTC")?.reason).toBe("known");
  });
});

describe("the release of a hold", () => {
  it("leaves nothing behind, and a second release ends nothing", () => {
    const where = place();
    hold(where, request);
    expect(release(where, "gitea")?.until).toBe("2026-06-20");
    expect(release(where, "gitea")).toBeNull();
    expect(listExceptions(where.state)).toEqual([]);
  });
});

describe("a file of exceptions that cannot be read", () => {
  it.each([
    ["is no JSON", "{"],
    ["has a newer schema", '{"schema": 2, "hold": null, "acknowledgement": null}'],
    [
      "has a day that is none",
      '{"schema": 1, "hold": {"reason": "x", "until": "soon", "since": ""}, "acknowledgement": null}',
    ],
  ])("because it %s is unreadable, not absent, and is never written over", (_name, text) => {
    const where = place();
    const file = join(where.state.exceptions, "gitea.json");
    mkdirSync(where.state.exceptions, { recursive: true });
    writeFileSync(file, text);
    expect(readExceptions(where.state, "gitea")).toMatchObject({ state: "unreadable" });
    expect(() => hold(where, request)).toThrow(file);
    expect(() => release(where, "gitea")).toThrow(file);
    expect(readFileSync(file, "utf8")).toBe(text);
  });

  it("does not hide the others", () => {
    const where = place();
    hold(where, { ...request, recipe: "wiki" });
    writeFileSync(join(where.state.exceptions, "gitea.json"), "{");
    expect(listExceptions(where.state).map(({ recipe, exceptions }) => [recipe, exceptions.state])).toEqual([
      ["gitea", "unreadable"],
      ["wiki", "read"],
    ]);
  });
});
