import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { STYLE } from "../../src/page/style.ts";
import type { Site } from "../../src/site/site.ts";
import { type StatePaths, statePaths } from "../../src/state/paths.ts";
import { configurationWith, readPage, siteOf } from "../support/page-site.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { MONDAY, writeState } from "../support/written-state.ts";

const RUN = "20260614T030000000Z-0a1b2c3d";

/** What a reader sees of it: text without tags. */
function seen(html: string): string {
  return html
    .replaceAll(/<[^>]*>/g, "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&amp;", "&");
}

describe("the pages of a week with reds", () => {
  const folder = temporaryFolder("pages", afterAll);
  let state: StatePaths;
  let site: Site;
  beforeAll(() => {
    state = writeState(folder, { recipes: 46, weeks: 6, reds: true });
    site = siteOf(state);
  });

  it("status: the honesty line first, word for word; then the rows that need a person; then the rest", async () => {
    const { text } = await readPage(site, "/");
    const heading = /<h1[^>]*>(.*?)<\/h1>/s.exec(text)?.[1] ?? "";
    const body = text.slice(text.indexOf("<header>"));
    expect(body.slice("<header>".length)).toMatch(/^<h1/);
    expect(seen(heading)).toMatch(
      /^enrolled 46 = skipped \d+ \+ passed \d+ \+ failed 3 \+ promote-failed 1 \+ blocked 1 \+ not-run 1; promoted \d+; tiers executed \d+ of \d+ planned$/,
    );
    const places = ["<h1", "Needs a person", 'id="r-hedgedoc"', "The rest", ">vikunja</a>"].map((part) =>
      text.indexOf(part),
    );
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places).not.toContain(-1);
  });

  it("status: a row that needs a person has verdict, cause, age and one command", async () => {
    const { text } = await readPage(site, "/");
    const card = /<article[^>]*id="r-hedgedoc">(.*?)<\/article>/s.exec(text)?.[1] ?? "";
    expect(seen(card)).toContain("FAIL");
    expect(seen(card)).toContain("red at restore; canonical unchanged: 1.9.3+1.9.9");
    expect(seen(card)).toContain("the sentinel is gone");
    expect(seen(card)).toMatch(/for 15 d/);
    expect(card.match(/class="command"/g)).toHaveLength(1);
    expect(seen(card)).toContain(`canonical-sweep show ${RUN} hedgedoc`);
    expect(text.match(/<article/g)).toHaveLength(4);
  });

  it("stale-checkout: program version, configuration path and what the last sweep had stand on the page", async () => {
    const older = { name: "canonical-sweep", version: "0.2.0", node: "24.21.0" };
    const { text } = await readPage(siteOf(state, { program: older }), "/");
    const foot = seen(text.slice(text.indexOf("<footer>")));
    expect(foot).toContain("canonical-sweep 0.2.0");
    expect(foot).toContain("/etc/canonical-sweep");
    expect(foot).toContain("the last sweep's programcanonical-sweep 0.1.0");
  });

  it.each([
    ["/index.json", { schema: 1, lastNotHollow: expect.stringMatching(/^2026-06-14T/), atWork: null }],
    [
      "/runs.json",
      { schema: 1, runs: expect.arrayContaining([expect.objectContaining({ run: RUN, exit: 3 })]) },
    ],
    [`/runs/${RUN}.json`, { schema: 1, run: RUN }],
    [`/runs/${RUN}/hedgedoc.json`, { schema: 1, recipe: "hedgedoc", isAtWork: false }],
    ["/recipes/hedgedoc.json", { schema: 1, recipe: "hedgedoc" }],
    ["/recipes/hedgedoc/badge.json", { schemaVersion: 1, label: "hedgedoc", isError: true }],
  ])("has %s as a page for programs", async (address, expected) => {
    const { status, type, text } = await readPage(site, address);
    expect([status, type]).toEqual([200, "application/json"]);
    expect(JSON.parse(text)).toMatchObject(expected);
  });

  it("the badge says canonical, age and verdict in both forms", async () => {
    const badge = JSON.parse((await readPage(site, "/recipes/gitea/badge.json")).text);
    expect(badge.message).toMatch(/^\d+\.\d+\.\d+\+[\d.]+ · \d+ (d|h) · (SKIP|PASS)$/);
    const { type, text } = await readPage(site, "/recipes/gitea/badge.svg");
    expect(type).toBe("image/svg+xml");
    expect(text).toContain(`aria-label="gitea: ${badge.message}"`);
  });

  it("a recipe's page has its history as a chart, releases, canonical and brief", async () => {
    const { text } = await readPage(site, "/recipes/hedgedoc");
    expect(text.match(/<rect class="bar"/g)).toHaveLength(6);
    expect(text).toMatch(/<svg [^>]*role="img" aria-label="hedgedoc in its last 6 runs: [^"]*FAIL 3/);
    for (const part of ["Canonical", "Releases", "Brief", "Lint", "the latest, the canonical", "What broke"])
      expect(seen(text)).toContain(part);
  });

  it("a test's page has its tiers on a time line, and its logs can be searched", async () => {
    const address = `/runs/${RUN}/hedgedoc`;
    const { text } = await readPage(site, address);
    expect(text).toMatch(/aria-label="time line of hedgedoc: install passed, [^"]*restore failed/);
    expect(text).toContain(`href="${address}/logs/restore.log"`);
    const found = await readPage(site, `${address}?q=RESTORE: line 7 `);
    expect(seen(found.text)).toContain("1 line has “RESTORE: line 7 ”");
    expect(found.text).toContain(`${address}/logs/restore.log?line=7#L7`);
  });

  it.each([
    "/recipes/../../etc/passwd",
    "/recipes/..",
    "/recipes/Gitea",
    "/recipes/-rf",
    `/recipes/${"a".repeat(59)}`,
    "/recipes/%2e%2e%2f%2e%2e",
    "/recipes/nobody-knows-it",
    "/runs/..",
    "/runs/../canonical",
    "/runs/20260614T030000000Z-ffffffff",
    `/runs/${RUN}/..`,
    `/runs/${RUN}/nobody-knows-it`,
    `/runs/${RUN}/hedgedoc/logs/../../report.json`,
    `/runs/${RUN}/hedgedoc/raw/../../../../id`,
    `/runs/${RUN}/hedgedoc/raw//etc/passwd`,
    `/runs/${RUN}/hedgedoc/raw/link.log`,
    `/runs/${RUN}/hedgedoc/raw/outside/secret.txt`,
    "/style-.css",
  ])("answers 404 for %s", async (address) => {
    const outside = join(state.root, "..", "outside");
    mkdirSync(outside, { recursive: true });
    writeFileSync(join(outside, "secret.txt"), "a secret");
    const folder = state.run(RUN).recipe("hedgedoc");
    for (const [name, goal] of [
      ["link.log", join(outside, "secret.txt")],
      ["outside", outside],
    ] as const)
      try {
        symlinkSync(goal, join(folder, name));
      } catch {
        // Another case of this test has made it.
      }
    const { status, text } = await readPage(site, address);
    expect(status).toBe(404);
    expect(text).not.toContain("a secret");
  });

  it("every page forbids all but its own style, script and pictures", async () => {
    for (const address of [
      "/",
      "/runs",
      `/runs/${RUN}`,
      `/runs/${RUN}/hedgedoc`,
      "/recipes/hedgedoc",
      "/recipes/nobody",
    ]) {
      const { headers, text } = await readPage(site, address);
      expect(headers["Content-Security-Policy"]).toMatch(
        /^default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';/,
      );
      expect(text).not.toMatch(
        / style="| on\w+="|<style|<script(?! src="\/live-)|(src|href)="(https?:|\/\/)/,
      );
    }
  });
});

it("the first page with 250 recipes, its style and its script are below 60 KB together", async () => {
  const state = writeState(temporaryFolder("many"), { recipes: 250, weeks: 2, reds: true });
  const site = siteOf(state);
  const { text } = await readPage(site, "/");
  expect(text.match(/<li>|<article/g)).toHaveLength(250);
  const script = /<script src="([^"]+)"/.exec(text)?.[1] ?? "";
  const bytes = Buffer.byteLength(text + STYLE + (await readPage(site, script)).text);
  expect(bytes).toBeLessThan(60_000);
});

describe("the pages of an odd state folder", () => {
  it("of an empty state folder: no sweep yet, and what to do", async () => {
    const site = siteOf(statePaths(join(temporaryFolder("empty"), "state")), {
      configuration: () => ({ config: configurationWith(["gitea"]), problem: null }),
    });
    const { text } = await readPage(site, "/");
    expect(text).toContain("<h1>no sweep yet</h1>");
    expect(seen(text)).toContain("canonical-sweep sweep");
    expect(seen(text)).toContain("gitea");
    expect((await readPage(site, "/runs")).text).toContain("There is no run yet.");
    expect((await readPage(site, "/recipes/gitea")).status).toBe(200);
    expect((await readPage(site, "/recipes/gitea/badge.svg")).text).toContain("gitea: unknown");
    expect((await readPage(site, "/metrics")).text).toMatch(/# EOF\n$/);
  });

  it("a report and a record that cannot be read are named, and the rest is shown", async () => {
    const state = writeState(temporaryFolder("broken"), { recipes: 3, weeks: 2, reds: false });
    const site = siteOf(state);
    expect((await readPage(site, "/")).text).not.toContain("Cannot be read");
    writeFileSync(state.run(RUN).report, "{");
    writeFileSync(state.canonical("authentik").record, '{"schema": 99}');
    const later = siteOf(state, { clock: { now: () => MONDAY + 5000 } });
    const { text } = await readPage(later, "/");
    expect(seen(text)).toContain(`${state.run(RUN).report} is not JSON`);
    expect(seen(text)).toContain("this program reads up to 1");
    expect(text).toMatch(/<h1[^>]*>.*enrolled/s);
    expect((await readPage(later, `/runs/${RUN}`)).status).toBe(500);
    expect(seen((await readPage(later, "/recipes/authentik")).text)).toContain("schema 99");
  });
});

describe("hostile words from outside", () => {
  const HOSTILE = `<script>alert(1)</script><img src=x onerror=alert(2)> "'&amp; \u001b[31mred\u001b[0m \u202eevil\u202c \u0007 \u001b]8;;http://evil.example\u0007link\u001b]8;;\u0007`;

  it("are text in every page, without codes of a terminal or marks that turn text around", async () => {
    const state = writeState(temporaryFolder("hostile"), { recipes: 20, weeks: 1, reds: true });
    const report = JSON.parse(readFileSync(state.run(RUN).report, "utf8"));
    for (const row of report.recipes) {
      row.detail = HOSTILE;
      row.warnings = [HOSTILE];
      row.command = `canonical-sweep show ${HOSTILE}`;
      if (row.target !== null) row.target.version = HOSTILE;
      for (const tier of row.tiers) tier.reason = HOSTILE;
    }
    report.notEnrolled = [{ recipe: "<b>", reason: HOSTILE }];
    report.hollowReasons = [HOSTILE];
    report.honesty.hollow = true;
    writeFileSync(state.run(RUN).report, JSON.stringify(report));
    const folder = state.run(RUN).recipe("hedgedoc");
    const name = '<img src=x onerror="alert(3)">.log';
    for (const path of [name, "install.log", "brief.md"])
      write(join(folder, path), `${HOSTILE}\n![p](http://evil.example/a.png) [l](javascript:alert(4))\n`);
    const site = siteOf(state);
    for (const address of [
      "/",
      "/runs",
      `/runs/${RUN}`,
      `/runs/${RUN}/hedgedoc`,
      `/runs/${RUN}/hedgedoc?q=<script>`,
      `/runs/${RUN}/hedgedoc/logs/install.log`,
      `/runs/${RUN}/hedgedoc/logs/${encodeURIComponent(name)}`,
      `/runs/${RUN}/hedgedoc/logs/install.log?q="><script>`,
      "/recipes/hedgedoc",
      "/recipes/<script>",
    ]) {
      const { status, text } = await readPage(site, address);
      expect([200, 404], address).toContain(status);
      expect(text, address).not.toMatch(
        /<script(?! src="\/live-)|<img(?! src="\/recipes\/)|href="javascript:|(?!\n)\p{Cc}|\p{Cf}/u,
      );
    }
    expect(seen((await readPage(site, "/")).text)).toContain("<script>alert(1)</script>");
  });

  it("do not bring out a secret in a log that a command still writes", async () => {
    const state = writeState(temporaryFolder("secret"), { recipes: 20, weeks: 1, reds: true });
    write(join(state.run(RUN).recipe("hedgedoc"), "install.log"), "login with password=correct-horse\n");
    const site = siteOf(state);
    for (const address of [
      `/runs/${RUN}/hedgedoc/logs/install.log`,
      `/runs/${RUN}/hedgedoc/raw/install.log`,
      `/runs/${RUN}/hedgedoc?q=login`,
    ]) {
      const { text } = await readPage(site, address);
      expect(text).toContain("login with password=***");
      expect(text).not.toContain("correct-horse");
    }
  });
});

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
