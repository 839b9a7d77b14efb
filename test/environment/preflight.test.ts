import { chmodSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createToolbox } from "../../src/command/toolbox.ts";
import { TOOLS } from "../../src/command/tools.ts";
import type { Config } from "../../src/config/config.ts";
import { loadConfig } from "../../src/config/load.ts";
import { DRIVER_NAMES, TRAITS } from "../../src/core/driver-traits.ts";
import { compareFingerprints, fingerprint, reportedTools } from "../../src/environment/fingerprint.ts";
import { preflight, requireTools, type ToolReport } from "../../src/environment/preflight.ts";
import { Fault } from "../../src/fault.ts";
import { configurationFolder } from "../support/configuration.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const clock = { now: () => Date.now() };
const COMMANDS = "commands: { deploy: 'true', undeploy: 'true' }\n";

function configWith(sweep: string, recipe = `canonical: true\ndriver: command\n${COMMANDS}`): Config {
  return loadConfig(
    configurationFolder({
      "sweep.yaml": `domain: ci.example.org\nupstream: /srv/{recipe}.git\n${sweep}`,
      "recipes/a/recipe.yaml": recipe,
    }),
    {},
  );
}

function tool(folder: string, name: string, text: string): void {
  writeFileSync(join(folder, name), text);
  chmodSync(join(folder, name), 0o755);
}

function look(config: Config, cache: string | null = null): Promise<ToolReport[]> {
  return preflight(config, createToolbox(config.path), clock, cache);
}

function named(reports: readonly ToolReport[], name: string): ToolReport {
  const found = reports.find((report) => report.name === name);
  if (found === undefined) throw new Error(`${name} was not looked at`);
  return found;
}

describe("the preflight", () => {
  it("finds path, version and hash of the tools that the command driver needs, and nothing is wrong", async () => {
    const reports = await look(configWith(""));
    for (const name of ["git", "bash", "cp", "sync", "flock"])
      expect(named(reports, name)).toMatchObject({
        path: expect.stringMatching(/^\//),
        version: expect.stringMatching(/^\d+\.\d+/),
        hash: expect.stringMatching(/^[0-9a-f]{64}$/),
        neededFor: expect.any(String),
        problem: null,
      });
    expect(() => requireTools(reports)).not.toThrow();
  });

  it("asks for Docker and abra only where an enrolled recipe is deployed by them", async () => {
    const needed = async (recipe: string) =>
      (await look(configWith("", recipe)))
        .filter((report) => report.neededFor !== null)
        .map((report) => report.name);
    expect(await needed(`canonical: true\ndriver: command\n${COMMANDS}`)).not.toContain("docker");
    expect(await needed("canonical: true\ndriver: swarm\n")).toContain("docker");
    expect(await needed("canonical: true\ndriver: swarm\n")).not.toContain("abra");
    expect(await needed("canonical: true\n")).toEqual(expect.arrayContaining(["abra", "docker", "script"]));
    expect(await needed("canonical: false\nreason: not now\n")).not.toContain("abra");
  });

  it("knows every tool that a driver calls", () => {
    const called = DRIVER_NAMES.flatMap((driver) => TRAITS[driver].tools);
    expect(called.length).toBeGreaterThan(0);
    expect(TOOLS.map(({ name }) => name)).toEqual(expect.arrayContaining(called));
  });

  it("asks for ssh where a git address goes over it", async () => {
    const ssh = async (upstream: string) =>
      named(
        await look(configWith("", `canonical: true\ndriver: command\nupstream: ${upstream}\n${COMMANDS}`)),
        "ssh",
      ).neededFor;
    expect(await ssh("git@git.example.org:x/a.git")).toContain("git address of a");
    expect(await ssh("ssh://git.example.org/a.git")).toContain("git address of a");
    expect(await ssh("https://git.example.org/a.git")).toBeNull();
    expect(await ssh("/srv/with:colon/a.git")).toBeNull();
  });

  it("real-fire-missing-bash: names a missing tool, where it was looked for and what to do", async () => {
    const config = configWith('tools: [{ name: no-such-tool, atLeast: "2" }]\n');
    const reports = await look(config);
    expect(named(reports, "no-such-tool").problem).toBe(
      `no-such-tool is missing: it is not in ${config.path.join(":")}`,
    );
    const fault = faultOf(reports);
    expect(fault.code).toBe("machinery");
    expect(fault.message).toContain("(needed for the recipes' tests (`tools:`))");
    expect(fault.nextStep).toBe(
      "install no-such-tool, or name the folder that has it in `path:` of sweep.yaml",
    );
  });

  it("names every tool that is too old at once, each with its package", async () => {
    const folder = temporaryFolder("old");
    tool(folder, "git", "#!/bin/sh\necho git version 2.30.2\n");
    tool(folder, "bash", "#!/bin/sh\necho GNU bash, version 3.2.57\n");
    const fault = faultOf(await look(configWith(`path: [${folder}]\n`)));
    expect(fault.message).toContain(`${folder}/git is 2.30.2; at least 2.38 is needed`);
    expect(fault.message).toContain(`${folder}/bash is 3.2.57; at least 4.4 is needed`);
    expect(fault.nextStep).toContain("apt-get install git");
    expect(fault.nextStep).toContain("apt-get install bash");
  });

  it("compares versions number by number: 3.9 is older than 3.11", async () => {
    const folder = temporaryFolder("tools");
    tool(folder, "python9", "#!/bin/sh\necho Python 3.9.2\n");
    const config = configWith(`path: [${folder}]\ntools: [{ name: python9, atLeast: "3.11" }]\n`);
    expect(named(await look(config), "python9").problem).toContain("is 3.9.2; at least 3.11 is needed");
  });

  it("takes the higher of two minimum versions of one tool", async () => {
    const config = configWith('tools: [{ name: git, atLeast: "99" }]\n');
    expect(named(await look(config), "git").problem).toContain("at least 99 is needed");
  });

  it("names a tool that does not say its version in time or at all", async () => {
    const folder = temporaryFolder("tools");
    tool(folder, "silent", "#!/bin/sh\nexit 3\n");
    const config = configWith(`path: [${folder}]\ntools: [{ name: silent, atLeast: "1" }]\n`);
    expect(named(await look(config), "silent").problem).toBe(
      `${folder}/silent --version does not say a version; 1 is needed`,
    );
  });

  it("starts no process for a file that it knows, and looks again when the file has changed", async () => {
    const cache = join(temporaryFolder("cache"), "tools.json");
    const config = configWith("");
    const first = await look(config, cache);
    const kept = JSON.parse(readFileSync(cache, "utf8"));
    const git = named(first, "git").path ?? "";
    kept.tools[`git ${git}`].version = "99.0";
    writeFileSync(cache, JSON.stringify(kept));
    expect(named(await look(config, cache), "git").version).toBe("99.0");
    kept.tools[`git ${git}`].identity = "another file";
    writeFileSync(cache, JSON.stringify(kept));
    expect(named(await look(config, cache), "git").version).toBe(named(first, "git").version);
  });

  it("asks a script each time: what it answers may change without its file", async () => {
    const folder = temporaryFolder("tools");
    const cache = join(folder, "cache.json");
    writeFileSync(join(folder, "version"), "1.0\n");
    tool(folder, "shim", `#!/bin/sh\ncat ${folder}/version\n`);
    const config = configWith(`path: [${folder}]\ntools: [{ name: shim }]\n`);
    expect(named(await look(config, cache), "shim").version).toBe("1.0");
    writeFileSync(join(folder, "version"), "2.0\n");
    expect(named(await look(config, cache), "shim").version).toBe("2.0");
  });

  it("looks anew where its cache is damaged", async () => {
    const cache = join(temporaryFolder("cache"), "tools.json");
    writeFileSync(cache, "{");
    expect(named(await look(configWith(""), cache), "git").problem).toBeNull();
  });
});

describe("the fingerprint", () => {
  it("git-lfs-on-one-path: names the tool that one environment has and the other lacks", async () => {
    const folder = temporaryFolder("lfs");
    const without = reportedTools(await look(configWith("")));
    tool(folder, "git-lfs", "#!/bin/sh\necho git-lfs/3.3.0\n");
    const withIt = reportedTools(await look(configWith(`path: [${folder}]\n`)));
    expect(fingerprint(withIt)).not.toBe(fingerprint(without));
    expect(compareFingerprints(without, withIt).filter((line) => line.startsWith("git-lfs"))).toEqual([
      expect.stringMatching(/^git-lfs: .* before, 3\.3\.0 \(.*\/git-lfs\) now$/),
    ]);
  });

  it("is the same in whatever order the tools come, and changes with a file's content alone", () => {
    const git = { name: "git", path: "/usr/bin/git", version: "2.39.5", hash: "a" };
    const tar = { name: "tar", path: "/usr/bin/tar", version: "1.34", hash: "b" };
    expect(fingerprint([git, tar])).toBe(fingerprint([tar, git]));
    const rebuilt = { ...git, hash: "c" };
    expect(fingerprint([rebuilt, tar])).not.toBe(fingerprint([git, tar]));
    expect(compareFingerprints([git, tar], [rebuilt, tar])).toEqual([
      "git: 2.39.5 (/usr/bin/git), but its file has changed",
    ]);
    expect(compareFingerprints([git, tar], [tar, git])).toEqual([]);
  });

  it("does not change when a file is only touched", async () => {
    const folder = temporaryFolder("tools");
    const cache = join(folder, "cache.json");
    tool(folder, "probe-me", "#!/bin/sh\necho 1.0\n");
    const config = configWith(`path: [${folder}]\ntools: [{ name: probe-me }]\n`);
    const before = fingerprint(await look(config, cache));
    utimesSync(join(folder, "probe-me"), 1, 1);
    expect(fingerprint(await look(config, cache))).toBe(before);
  });
});

function faultOf(reports: readonly ToolReport[]): Fault {
  try {
    requireTools(reports);
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  throw new Error("nothing was missing");
}
