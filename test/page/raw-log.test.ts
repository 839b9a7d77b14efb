import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { statePaths } from "../../src/state/paths.ts";
import { readPage, siteOf } from "../support/page-site.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const RUN = "20260615T030000000Z-abcd";
const CODES = {
  "install.log":
    "\u001b]0;owned\u0007\u001b[2J\u001b[1;31mred\u001b[0m \u001b]8;;http://x\u001b\\link \u009b31mC1\n",
  "custom.log":
    "to the left \u202etxt.exe\u202c, apart \u2066a\u2069, over\rwritten, NUL \0, NEL \u0085, no end \u001b]0;x\n",
};

it("a log as text has no codes that steer a terminal or turn the text around, and is plain text", async () => {
  const state = statePaths(temporaryFolder("raw-log"));
  const folder = state.run(RUN).recipe("notes");
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(CODES)) writeFileSync(join(folder, name), text);
  const site = siteOf(state);
  const [install, custom] = await Promise.all(
    Object.keys(CODES).map((name) => readPage(site, `/runs/${RUN}/notes/raw/${name}`)),
  );
  expect(install?.text).toBe("red link C1\n");
  expect(custom?.text).toBe("to the left �txt.exe�, apart �a�, over�written, NUL �, NEL �, no end �]0;x\n");
  for (const answer of [install, custom]) {
    expect(answer?.status).toBe(200);
    expect(answer?.type).toBe("text/plain; charset=utf-8");
    expect(answer?.text).not.toMatch(/[^\P{C}\n]/u);
  }
});
