import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createToolbox } from "../../src/command/toolbox.ts";
import { TOOLS } from "../../src/command/tools.ts";
import { diskProblem } from "../../src/environment/disk.ts";
import { Fault } from "../../src/fault.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

describe("the toolbox", () => {
  it("takes the first folder that has the program, and skips what cannot be executed", () => {
    const root = temporaryFolder("path");
    for (const folder of ["a", "b", "c"])
      mkdirSync(join(root, folder, folder === "a" ? "tool" : "."), { recursive: true });
    writeFileSync(join(root, "b/tool"), "not executable");
    writeFileSync(join(root, "c/tool"), "#!/bin/sh\n");
    chmodSync(join(root, "c/tool"), 0o755);
    const tools = createToolbox(["a", "b", "c"].map((folder) => join(root, folder)));
    expect(tools.find("tool")).toBe(join(root, "c/tool"));
  });

  it("never looks on the PATH that was inherited", () => {
    const tools = createToolbox(["/nonexistent"]);
    expect(tools.searchPath).toBe("/nonexistent");
    expect(() => tools.find("sh")).toThrow("sh is missing: it is not in /nonexistent");
  });

  it("names the package of a missing tool", () => {
    try {
      createToolbox(["/nonexistent"]).find("flock");
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(Fault);
      expect(error).toMatchObject({
        code: "machinery",
        nextStep: expect.stringContaining("apt-get install util-linux"),
      });
    }
  });

  it("does not take a path for a name", () => {
    expect(() => createToolbox(["/usr/bin"]).find("../bin/env")).toThrow(Fault);
  });
});

describe("disk-budget: the room for a promotion", () => {
  const budget = { minFree: 5 * 1024 ** 3, canonicals: 50 * 1024 ** 3 };

  it("is enough where the limits leave some", () => {
    expect(diskProblem({ free: 6 * 1024 ** 3, canonicals: 0, wanted: 1024 ** 3 }, budget)).toBeNull();
    expect(diskProblem({ free: null, canonicals: null }, budget)).toBeNull();
  });

  it("is missing where the added data would leave less than minFree", () => {
    expect(diskProblem({ free: 6 * 1024 ** 3, canonicals: 0, wanted: 2 * 1024 ** 3 }, budget)).toBe(
      "6.0 GiB free and 2.0 GiB to be added, disk.minFree is 5.0 GiB",
    );
  });

  it("is missing where the canonicals would hold more than their budget", () => {
    expect(diskProblem({ free: 1024 ** 4, canonicals: 51 * 1024 ** 3 }, budget)).toBe(
      "canonicals hold 51.0 GiB, disk.canonicals is 50.0 GiB",
    );
  });

  it("names the few canonicals that hold most of it", () => {
    const holders = [48, 2, 0.5, 0.5].map((gib, index) => ({ recipe: `r${index}`, bytes: gib * 1024 ** 3 }));
    expect(diskProblem({ free: null, canonicals: 51 * 1024 ** 3, holders }, budget)).toBe(
      "canonicals hold 51.0 GiB (r0 48.0 GiB, r1 2.0 GiB, r2 512.0 MiB, 1 more), disk.canonicals is 50.0 GiB",
    );
  });
});

describe("the declaration of tools", () => {
  const manual = readFileSync(join(import.meta.dirname, "../../docs/configuration.md"), "utf8");

  it.each(TOOLS.map((tool) => [tool.name, tool] as const))(
    "%s stands in the manual with its least version",
    (name, tool) => {
      const row = manual.split("\n").find((line) => line.startsWith("|") && line.includes(`\`${name}\``));
      expect(row).toBeDefined();
      if (tool.atLeast !== null) expect(row).toContain(`| ${tool.atLeast} |`);
    },
  );
});
