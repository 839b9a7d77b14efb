import { execFileSync } from "node:child_process";
import {
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { SYSTEM_PATH } from "../../src/command/search-path.ts";
import { createToolbox } from "../../src/command/toolbox.ts";
import { loadConfig } from "../../src/config/load.ts";
import { configurationOrigin, copyConfiguration, withConfigurationAt } from "../../src/config/snapshot.ts";
import { exists } from "../../src/state/files.ts";
import { configurationFolder, SOUND_SWEEP } from "../support/configuration.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const clock = { now: () => Date.now() };
const tools = createToolbox(SYSTEM_PATH);
const FILES = {
  "sweep.yaml": `${SOUND_SWEEP}state: ./.state\n`,
  "recipes/a/recipe.yaml": "canonical: true\n",
  "recipes/a/tests/install/x": "#!/bin/sh\nexit 0\n",
};

function git(folder: string, ...args: string[]): string {
  const identity = ["-c", "user.name=Test", "-c", "user.email=test@example.org"];
  return execFileSync("git", [...identity, "-C", folder, ...args], { encoding: "utf8" }).trim();
}

describe("the copy of the configuration that a run keeps", () => {
  it("has the tests with their modes, and stays as it is when the folder changes", () => {
    const folder = configurationFolder(FILES);
    const copy = join(temporaryFolder("run"), "configuration");
    expect(copyConfiguration(folder, copy, join(folder, ".state"))).toEqual({ files: 3, outside: [] });
    writeFileSync(join(folder, "recipes/a/tests/install/x"), "#!/bin/sh\nexit 1\n");
    const test = join(copy, "recipes/a/tests/install/x");
    expect(readFileSync(test, "utf8")).toBe("#!/bin/sh\nexit 0\n");
    expect(statSync(test).mode & 0o777).toBe(0o755);
  });

  it("leaves repositories and the state folder behind", () => {
    const folder = configurationFolder({
      ...FILES,
      ".state/runs/x": "",
      ".git/config": "",
      "recipes/a/.git/config": "",
    });
    git(folder, "init", "--quiet", "--bare", "up/a.git");
    const copy = join(folder, ".state/runs/1/configuration");
    expect(copyConfiguration(folder, copy, join(folder, ".state")).files).toBe(3);
    for (const path of [".state", ".git", "recipes/a/.git", "up/a.git"])
      expect(exists(join(copy, path))).toBe(false);
  });

  it("follows no link: inside it leads to the copy, and one that leads out is named", () => {
    const folder = configurationFolder({ ...FILES, "shared/login": "#!/bin/sh\n" });
    const outside = temporaryFolder("outside");
    writeFileSync(join(outside, "secret"), "not to be copied");
    symlinkSync("../../../../shared/login", join(folder, "recipes/a/tests/install/login"));
    symlinkSync(join(folder, "shared"), join(folder, "recipes/a/shared"));
    symlinkSync(outside, join(folder, "recipes/a/out"));
    symlinkSync("nowhere", join(folder, "broken"));
    const copy = join(temporaryFolder("run"), "configuration");
    const result = copyConfiguration(folder, copy, "/var/lib/elsewhere");
    expect(result.outside).toEqual(["recipes/a/out"]);
    expect(readlinkSync(join(copy, "recipes/a/tests/install/login"))).toBe("../../../../shared/login");
    expect(readlinkSync(join(copy, "recipes/a/shared"))).toBe("../../shared");
    expect(lstatSync(join(copy, "recipes/a/out")).isSymbolicLink()).toBe(true);
    expect(readlinkSync(join(copy, "recipes/a/out"))).toBe(outside);
  });

  it("is where the recipes' own files are read from, while upstreams and state stay where they were", () => {
    const folder = configurationFolder({
      ...FILES,
      "sweep.yaml": "domain: ci.example.org\nstate: ./.state\nupstream: ./up/{recipe}.git\n",
    });
    const config = loadConfig(folder, {});
    const moved = withConfigurationAt(config, "/runs/1/configuration");
    expect(moved.recipes[0]?.folder).toBe("/runs/1/configuration/recipes/a");
    expect(moved.recipes[0]?.upstream).toBe(join(folder, "up/a.git"));
    expect(moved.state).toBe(join(folder, ".state"));
  });
});

describe("stale-checkout: the origin of a configuration", () => {
  const origin = (folder: string) =>
    configurationOrigin({ folder, state: join(folder, ".state") }, tools, clock);

  it("is its commit, and clean as long as nothing but the state differs from it", async () => {
    const folder = configurationFolder(FILES);
    git(folder, "init", "--quiet");
    git(folder, "add", ".");
    git(folder, "commit", "--quiet", "-m", "All");
    mkdirSync(join(folder, ".state"));
    writeFileSync(join(folder, ".state/id"), "x");
    const commit = git(folder, "rev-parse", "HEAD");
    expect(await origin(folder)).toEqual({ path: folder, commit, dirty: false });
    writeFileSync(join(folder, "recipes/a/tests/install/new"), "");
    expect(await origin(folder)).toEqual({ path: folder, commit, dirty: true });
  });

  it("looks at its own folder only where the repository is larger", async () => {
    const root = temporaryFolder("repository");
    git(root, "init", "--quiet");
    mkdirSync(join(root, "sweeps"));
    writeFileSync(join(root, "sweeps/sweep.yaml"), SOUND_SWEEP);
    git(root, "add", ".");
    git(root, "commit", "--quiet", "-m", "All");
    writeFileSync(join(root, "elsewhere"), "");
    expect(await origin(join(root, "sweeps"))).toMatchObject({ dirty: false });
  });

  it("is unknown outside of a repository, and in one without a commit", async () => {
    const folder = configurationFolder(FILES);
    expect(await origin(folder)).toEqual({ path: folder, commit: null, dirty: null });
    git(folder, "init", "--quiet");
    expect(await origin(folder)).toEqual({ path: folder, commit: null, dirty: null });
  });
});
