import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../support/temporary-folder.ts";

const program = join(import.meta.dirname, "../../dist/main.js");
const LIMIT_MS = 120_000;
const MODULES = '{ "type": "module" }\n';

async function call(folder: string, ...words: string[]): Promise<string> {
  const args = [program, "--config", folder, ...words];
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    cwd: "/",
    env: { PATH: "/usr/bin" },
  });
  return stdout;
}

describe("the sample of `init`", () => {
  it(
    "works at once: plan says seed, sweep tests every tier and promotes, a second sweep is quiet",
    async () => {
      const folder = join(temporaryFolder("init"), "sweeps");
      await call(folder, "init");
      const plan = JSON.parse(await call(folder, "--json", "plan"));
      expect(plan.rows).toMatchObject([
        { recipe: "hello", action: "RUN", reason: "seed", needsHuman: false },
      ]);
      const first = JSON.parse(await call(folder, "--json", "sweep"));
      expect(first.recipes).toMatchObject([{ recipe: "hello", label: "PASS (promoted 0.2.0+1.1.0)" }]);
      expect(first.honesty).toMatchObject({ tiersPlanned: 5, tiersExecuted: 5, hollow: false });
      const second = JSON.parse(await call(folder, "--json", "sweep"));
      expect(second.recipes).toMatchObject([{ recipe: "hello", label: "SKIP no-new-version" }]);
    },
    LIMIT_MS,
  );

  it(
    "works below a package.json that makes every script a module",
    async () => {
      const root = temporaryFolder("init");
      writeFileSync(join(root, "package.json"), MODULES);
      const folder = join(root, "sweeps");
      await call(folder, "init");
      const { recipes } = JSON.parse(await call(folder, "--json", "sweep"));
      expect(recipes).toMatchObject([{ recipe: "hello", label: "PASS (promoted 0.2.0+1.1.0)" }]);
    },
    LIMIT_MS,
  );

  it(
    "says in its row why a version cannot be read back, in the words of the command",
    async () => {
      const root = temporaryFolder("init");
      writeFileSync(join(root, "package.json"), MODULES);
      const folder = join(root, "sweeps");
      await call(folder, "init");
      writeFileSync(join(folder, "recipes/hello/app/version"), "#!/usr/bin/env node\nrequire('node:fs');\n");
      const said: string = await call(folder, "--json", "sweep").catch((error) => error.stdout);
      const begin =
        "PASS-NOT-PROMOTED (0.2.0+1.1.0; upgrade skipped: the running version cannot be read back: ";
      expect(JSON.parse(said).recipes[0].label).toContain(`${begin}version: ReferenceError: require is not`);
    },
    LIMIT_MS,
  );
});
