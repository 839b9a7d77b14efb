import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import axeCore from "axe-core";
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, it } from "vitest";
import type { StatePaths } from "../../src/state/paths.ts";
import { noBrowser, openPage, startBrowser, type TestBrowser } from "../support/browser.ts";
import { serveSite, siteOf } from "../support/page-site.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { INVESTIGATION, writeInvestigationOf } from "../support/written-investigation.ts";
import { MONDAY, writeState } from "../support/written-state.ts";

const RUN = "20260614T030000000Z-0a1b2c3d";
const HOSTILE = `<script>document.title="broken in"</script><img src="http://evil.example/a.png" onerror="document.title='broken in'"> \u001b[31mred\u001b[0m \u202eback`;

let state: StatePaths;
let url: string;
let now = MONDAY;

const ADDRESSES = [
  "/",
  "/runs",
  `/runs/${RUN}`,
  `/runs/${RUN}/hedgedoc`,
  `/runs/${RUN}/hedgedoc?q=line`,
  `/runs/${RUN}/hedgedoc/logs/restore.log`,
  "/recipes/hedgedoc",
  "/recipes/gitea",
  `/runs/${INVESTIGATION}`,
  "/recipes/nobody-knows-it",
];

beforeAll(async () => {
  // A hook that is asked for within a hook is never called: what this one opens, it closes itself.
  const ends: (() => unknown)[] = [];
  const whenDone = (end: () => unknown) => ends.push(end);
  state = writeState(temporaryFolder("browser", whenDone), { recipes: 46, weeks: 8, reds: true });
  writeFileSync(join(state.run(RUN).recipe("hedgedoc"), "restore.log"), `${HOSTILE}\nlast line\n`);
  writeInvestigationOf(state, RUN, HOSTILE);
  const report = JSON.parse(readFileSync(state.run(RUN).report, "utf8"));
  const immich = report.recipes.find((row: { recipe: string }) => row.recipe === "immich");
  immich.detail = HOSTILE;
  immich.warnings = [HOSTILE];
  writeFileSync(state.run(RUN).report, JSON.stringify(report));
  const site = siteOf(state, { clock: { now: () => now } });
  url = await serveSite(site, whenDone);
  return async () => {
    for (const end of ends.reverse()) await end();
  };
});

const TITLE = noBrowser === null ? "in a browser" : `in a browser (${noBrowser})`;

describe.skipIf(noBrowser !== null).each([{ dark: false }, { dark: true }])(
  `${TITLE} (dark: $dark)`,
  ({ dark }) => {
    let browser: TestBrowser;
    beforeAll(async () => {
      browser = await startBrowser({ dark });
      return () => browser.close();
    });

    it.each(ADDRESSES)("%s: axe finds nothing, and nothing is asked of anybody else", async (address) => {
      const { page, asked, said } = await openPage(browser, url + address);
      await page.evaluate(() => {
        for (const details of document.querySelectorAll("details")) details.open = true;
      });
      expect(await axe(page)).toEqual([]);
      expect(asked.filter((one) => !one.startsWith(url))).toEqual([]);
      expect(said.filter((text) => !text.includes("404"))).toEqual([]);
      expect(await page.title()).not.toBe("broken in");
      await page.close();
    });
  },
);

describe.skipIf(noBrowser !== null)(TITLE, () => {
  let browser: TestBrowser;
  beforeAll(async () => {
    browser = await startBrowser();
    return () => browser.close();
  });

  it.each([360, 768, 2560])("no page is wider than a screen of %i pixels", async (width) => {
    const { page } = await openPage(browser, `${url}/`);
    await page.setViewportSize({ width, height: 800 });
    for (const address of ADDRESSES) {
      await page.goto(url + address);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(wide, address).toBeLessThanOrEqual(0);
    }
    await page.close();
  });

  it("the keyboard reaches every link, button and field in their order, and each shows where it is", async () => {
    const { page } = await openPage(browser, `${url}/`);
    const reachable = await page.evaluate(
      () =>
        [...document.querySelectorAll("a,button,summary,input")].filter((one) => one.checkVisibility())
          .length,
    );
    const seen: string[] = [];
    for (let count = 0; count < reachable; count++) {
      await page.keyboard.press("Tab");
      seen.push(
        await page.evaluate(() => {
          const focused = document.activeElement;
          const outline = focused === null ? "" : getComputedStyle(focused).outlineStyle;
          return `${focused?.tagName} ${focused?.textContent?.trim().slice(0, 30)} ${outline}`;
        }),
      );
    }
    expect(seen[0]).toContain("to the content");
    expect(seen.some((text) => text.startsWith("BUTTON Copy"))).toBe(true);
    expect(seen.some((text) => text.startsWith("SUMMARY"))).toBe(true);
    expect(seen.filter((text) => /^(BODY|null|undefined)/.test(text) || text.endsWith(" none"))).toEqual([]);
    await page.close();
  });

  it("a click copies a command, word for word", async () => {
    await browser.context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: url });
    const { page } = await openPage(browser, `${url}/`);
    await page.locator("#r-hedgedoc .command button").click();
    await page.locator("#r-hedgedoc .command button", { hasText: "Copied" }).waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
      `canonical-sweep show ${RUN} hedgedoc`,
    );
    await page.close();
  });

  it("hostile words of a log and of a report are text", async () => {
    const { page } = await openPage(browser, `${url}/runs/${RUN}/hedgedoc/logs/restore.log`);
    expect(await page.locator("#L1 span").textContent()).toBe(
      `<script>document.title="broken in"</script><img src="http://evil.example/a.png" onerror="document.title='broken in'"> red �back`,
    );
    await page.goto(`${url}/`);
    expect(await page.locator("#r-immich img, #r-immich script").count()).toBe(0);
    expect(await page.locator("#r-immich").textContent()).toContain("<script>");
    await page.close();
  });

  it("an investigation says its cause, the runs it stands on and the next step, and no word of a log does more", async () => {
    const { page } = await openPage(browser, `${url}/runs/${INVESTIGATION}`);
    expect(await page.locator("h1").textContent()).toBe("hedgedoc: recipe");
    const text = (await page.locator("main").textContent()) ?? "";
    for (const said of ["3 of 3 alone red", "add a restore hook", "02-alone", "<script>document.title"])
      expect(text).toContain(said);
    expect(await page.locator("main img, main script").count()).toBe(0);
    expect(await page.title()).toBe("investigation of hedgedoc · canonical-sweep");
    await page.close();
  });

  it("a printed page has nothing folded, and nothing that only a screen has a use for", async () => {
    const { page } = await openPage(browser, `${url}/`);
    await page.emulateMedia({ media: "print" });
    const { forScreens, folded, wide } = await page.evaluate(() => {
      const isSeen = (one: Element) => one.checkVisibility({ contentVisibilityAuto: true });
      const all = (selector: string) => [...document.querySelectorAll(selector)];
      return {
        forScreens: all("nav, .skip, button, form, #live").filter(isSeen).length,
        folded: all("details > :not(summary)").filter((one) => !isSeen(one)).length,
        wide: document.documentElement.scrollWidth - window.innerWidth,
      };
    });
    expect({ forScreens, folded, wide }).toEqual({ forScreens: 0, folded: 0, wide: 0 });
    await page.close();
  });

  it("a page that is open shows what changes, without a reload, and keeps what was opened", async () => {
    const { page } = await openPage(browser, `${url}/`);
    await page.locator("#live", { hasText: "live" }).waitFor();
    await page.evaluate(() => Object.assign(window, { isSameDocument: true }));
    const group = page.locator("details", { hasText: "PASS" }).first();
    const wasOpen = await group.evaluate((details: HTMLDetailsElement) => details.open);
    await group.locator("summary").click();
    const report = JSON.parse(readFileSync(state.run(RUN).report, "utf8"));
    const row = report.recipes.find((one: { recipe: string }) => one.recipe === "nextcloud");
    row.detail = "what has changed meanwhile";
    now += 5000;
    writeFileSync(state.run(RUN).report, JSON.stringify(report));
    await page.locator("#r-nextcloud", { hasText: "what has changed meanwhile" }).waitFor();
    expect(await page.evaluate(() => "isSameDocument" in window)).toBe(true);
    expect(await group.evaluate((details: HTMLDetailsElement) => details.open)).toBe(!wasOpen);
    await page.close();
  });

  it("a log that is followed shows the lines that come", async () => {
    const { page } = await openPage(browser, `${url}/runs/${RUN}/hedgedoc/logs/restore.log?follow=1`);
    await page.locator("#live", { hasText: "live" }).waitFor();
    now += 5000;
    appendFileSync(join(state.run(RUN).recipe("hedgedoc"), "restore.log"), "a line that came later\n");
    await page.locator(".log", { hasText: "a line that came later" }).waitFor();
    await page.close();
  });
});

it.skipIf(noBrowser !== null)(
  "the pages without scripts have everything: rows, folded rows, search, and a reload now and then",
  async () => {
    const browser = await startBrowser({ script: false });
    try {
      const { page } = await openPage(browser, `${url}/`);
      expect(await page.locator("article").count()).toBe(4);
      expect(await page.locator("meta[http-equiv=refresh]").count()).toBe(1);
      await page.locator("summary", { hasText: "PASS" }).first().click();
      await page.goto(`${url}/runs/${RUN}/hedgedoc`);
      await page.getByLabel("Search in all logs").fill("install: line 3 ");
      await page.getByRole("button", { name: "Search" }).click();
      expect(await page.locator("ol.log li").count()).toBe(1);
      await page.locator("ol.log a").click();
      expect(page.url()).toContain("/logs/install.log?line=3#L3");
      await page.locator("#L3").waitFor();
    } finally {
      await browser.close();
    }
  },
);

async function axe(page: Page): Promise<string[]> {
  // A policy that lets no script in lets none of a test in either: this goes around it as the browser's own tools do.
  await page.evaluate(axeCore.source);
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } };
    interface Violation {
      id: string;
      nodes: { html: string; failureSummary: string }[];
    }
    const { violations } = await axe.run();
    return violations.flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.html} ${node.failureSummary}`),
    );
  });
}
