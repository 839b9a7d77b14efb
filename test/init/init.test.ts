import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { SYSTEM_PATH } from "../../src/command/search-path.ts";
import { createToolbox } from "../../src/command/toolbox.ts";
import { loadConfig } from "../../src/config/load.ts";
import { sweepYaml } from "../../src/init/sweep-yaml.ts";
import { writeSample } from "../../src/init/write-sample.ts";
import { exists } from "../../src/state/files.ts";
import { configurationFolder } from "../support/configuration.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

function init(folder: string) {
  return writeSample({
    folder,
    node: process.execPath,
    tools: createToolbox(SYSTEM_PATH),
    clock: { now: () => Date.now() },
  });
}

function everything(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(files.sort().map((file) => [file, readFileSync(file, "latin1")]));
}

describe("`init`", () => {
  it("writes a configuration without fault, with one enrolled recipe", async () => {
    const folder = join(temporaryFolder("init"), "sweeps");
    const { written, kept } = await init(folder);
    expect(kept).toEqual([]);
    expect(written).toEqual(
      expect.arrayContaining(["sweep.yaml", "recipes/hello/recipe.yaml", ".gitignore"]),
    );
    const config = loadConfig(folder, {});
    expect(config.state).toBe(join(folder, ".canonical-sweep"));
    expect(config.recipes).toMatchObject([{ recipe: "hello", enrolled: true, driver: "command" }]);
    expect(statSync(join(folder, "recipes/hello/app/deploy")).mode & 0o111).not.toBe(0);
  });

  it("has a test in every tier, and data that can prove a backup", async () => {
    const folder = temporaryFolder("init");
    await init(folder);
    const tests = join(folder, "recipes/hello/tests");
    expect(readdirSync(tests).sort()).toEqual(["backup", "custom", "data", "install", "restore", "upgrade"]);
    expect(readdirSync(join(tests, "data")).sort()).toEqual(["damage", "seed", "verify"]);
  });

  it("makes an upstream with two releases, annotated, the same everywhere", async () => {
    const folder = temporaryFolder("init");
    await init(folder);
    const upstream = loadConfig(folder, {}).recipes[0]?.upstream ?? "";
    const refs = execFileSync(
      "git",
      ["-C", upstream, "for-each-ref", "--format=%(refname:short) %(objecttype)"],
      {
        encoding: "utf8",
      },
    );
    expect(refs.trim().split("\n")).toEqual(["main commit", "0.1.0+1.0.0 tag", "0.2.0+1.1.0 tag"]);
    const second = temporaryFolder("init");
    await init(second);
    const head = (of: string) => readFileSync(join(of, "sample-upstream/hello.git/refs/heads/main"), "utf8");
    expect(head(second)).toBe(head(folder));
  });

  it("changes nothing at a second call and names the files that were there", async () => {
    const folder = temporaryFolder("init");
    await init(folder);
    const before = everything(folder);
    const again = await init(folder);
    expect(again.written).toEqual([]);
    expect(again.kept).toContain("sweep.yaml");
    expect(everything(folder)).toEqual(before);
  });

  it("enrols nothing in an existing configuration, and adds the schemas only", async () => {
    const folder = configurationFolder({ "sweep.yaml": "domain: ci.example.org\n" });
    expect((await init(folder)).written).toEqual([
      "schemas/sweep.schema.json",
      "schemas/recipe.schema.json",
      "schemas/known-causes.schema.json",
    ]);
    expect(readFileSync(join(folder, "sweep.yaml"), "utf8")).toBe("domain: ci.example.org\n");
    expect(exists(join(folder, "recipes"))).toBe(false);
  });

  it("completes files that were cut short, and keeps changed ones", async () => {
    const folder = temporaryFolder("init");
    await init(folder);
    rmSync(join(folder, "sweep.yaml"));
    rmSync(join(folder, "recipes/hello/app/deploy"));
    writeFileSync(join(folder, "recipes/hello/tests/install/says-hello"), "mine");
    const again = await init(folder);
    expect(again.written).toEqual(["recipes/hello/app/deploy", "sweep.yaml"]);
    expect(readFileSync(join(folder, "recipes/hello/tests/install/says-hello"), "utf8")).toBe("mine");
  });
});

describe("the sweep.yaml that init writes", () => {
  // `#key: value` and `#  key: value` are settings, `# Words` are prose.
  const uncommented = (text: string) => text.replace(/^#(?! \S)/gm, "");
  const EXAMPLES = /^#?(mirror|notify|heartbeat|tools|environment):.*(\n#? {2}.*)*\n/gm;

  it("is without fault when every setting in it is taken into use", () => {
    expect(() =>
      loadConfig(configurationFolder({ "sweep.yaml": uncommented(sweepYaml([])) }), {}),
    ).not.toThrow();
  });

  it("shows the true defaults in its comments", () => {
    const text = sweepYaml([]).replace(EXAMPLES, "");
    const asWritten = loadConfig(configurationFolder({ "sweep.yaml": text }), { state: "/s" });
    const inUse = loadConfig(configurationFolder({ "sweep.yaml": uncommented(text) }), { state: "/s" });
    expect({ ...inUse, folder: "" }).toEqual({ ...asWritten, folder: "" });
  });
});
