import { mkdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { statePaths } from "../../src/state/paths.ts";
import { type BrowserOptions, openPage, startBrowser } from "../support/browser.ts";
import { serveSite, siteOf } from "../support/page-site.ts";
import { writeState } from "../support/written-state.ts";

/** `npm run pictures [-- FOLDER]`: the pages as the README shows them. */
const folder = process.argv[2] ?? join(import.meta.dirname, "../../docs/images");
const work = join(tmpdir(), `canonical-sweep-pictures-${process.pid}`);
const RUN = "20260614T030000000Z-0a1b2c3d";
const ends: (() => void)[] = [];

const week = writeState(join(work, "week"), { recipes: 46, weeks: 8, reds: true });
const many = writeState(join(work, "many"), { recipes: 250, weeks: 2, reds: true });
const empty = statePaths(join(work, "empty"));
const pictures: [name: string, state: typeof week, address: string, options: BrowserOptions][] = [
  ["status", week, "/", { width: 1140, height: 730 }],
  ["status-dark", week, "/", { width: 1140, height: 730, dark: true }],
  ["status-phone", week, "/", { width: 390, height: 844 }],
  ["status-empty", empty, "/", { width: 1140, height: 300 }],
  ["status-250", many, "/", { width: 1360, height: 700 }],
  ["recipe", week, "/recipes/hedgedoc", { width: 1140, height: 730 }],
  ["test", week, `/runs/${RUN}/hedgedoc`, { width: 1140, height: 730 }],
];

mkdirSync(folder, { recursive: true });
try {
  for (const [name, state, address, options] of pictures) {
    const url = await serveSite(siteOf({ ...state, root: "/var/lib/canonical-sweep" }), (end) =>
      ends.push(end),
    );
    const browser = await startBrowser(options);
    const { page } = await openPage(browser, url + address);
    const path = join(folder, `page-${name}.png`);
    await page.screenshot({ path });
    await browser.close();
    process.stdout.write(`${path} ${Math.round(statSync(path).size / 1024)} KB\n`);
  }
} finally {
  for (const end of ends) end();
  rmSync(work, { recursive: true, force: true });
}
