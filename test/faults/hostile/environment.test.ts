import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { startProgram } from "../../support/program.ts";
import { createWorld, labelsOf } from "../../support/world.ts";
import { CHEAP } from "./cheap-recipe.ts";
import { hostileVariables, seeEnvironments, seenBeyond } from "./seen-environments.ts";

const PROGRAMS = ["bash", "cp", "flock", "git", "sync", "tar"];
/** What `sweep.yaml` gives to tests may change how they start, and nothing else. */
const OF_CONTRACT =
  /^(PATH|HOME|LANG|SWEEP_(RECIPE|VERSION|COMMIT|BASE_VERSION|TIER|DOMAIN|URL|STACK|VOLUMES|SCRATCH|RUN|JUNIT|STEP))$/;

describe("the environments of programs", () => {
  it("hold no variable of a recipe, of `environment:` or of the caller, unless the manual gives it to the program", async () => {
    const world = createWorld();
    const evil = join(world.root, "evil.sh");
    const witness = join(world.root, "witness");
    writeFileSync(evil, `#!/bin/bash\ntouch '${witness}'\n`);
    chmodSync(evil, 0o755);
    const elsewhere = join(world.root, "elsewhere");
    mkdirSync(elsewhere);
    const seen = seeEnvironments(world.root, PROGRAMS);
    const hostile = hostileVariables(evil, elsewhere);
    // The operator's own words, harmless to the tests that get them.
    const given = Object.fromEntries(Object.keys(hostile).map((name) => [name, ""]));
    world.configure({ environment: { ...given, UP: join(world.root, "up") }, path: [seen.bin] });
    const recipe = world.recipe("app", {
      ...CHEAP,
      files: { ...CHEAP.files, "tests/custom/notes": `#!/bin/sh\n${seen.noting("the-test")}` },
    });
    const lines = Object.entries(hostile).map(([name, value]) => `${name}='${value}'\n`);
    recipe.upstream.commit({
      version: "1.0.0+1",
      ".env.sample": lines.join(""),
      "abra.sh": lines.map((line) => `export ${line}`).join(""),
      "compose.yml": "services: {}\n",
    });
    recipe.upstream.tag("1.0.0+1");
    const words = ["--config", world.configuration, "sweep"];
    const { exit, stderr } = await startProgram(words, { env: { ...hostile, NODE_OPTIONS: "" } }).end;
    expect(exit, stderr).toBe(0);
    expect(labelsOf(world.report())).toEqual({ app: "PASS (promoted 1.0.0+1; data not proven)" });
    expect(existsSync(witness)).toBe(false);
    for (const program of PROGRAMS.filter((name) => name !== "bash" && name !== "tar")) {
      expect(seen.names(program), program).not.toEqual(program === "flock" ? null : []);
      expect(seenBeyond(seen, program), program).toEqual([]);
      expect(seen.folders(program).join(" "), program).not.toMatch(/checkout/);
    }
    const ofTest = seen.names("the-test").filter((name) => !OF_CONTRACT.test(name));
    expect(ofTest).toEqual([...Object.keys(given), "UP"].sort());
    const ofCommands = seen.names("bash").filter((name) => !OF_CONTRACT.test(name));
    const own = ["SWEEP_BACKUP", "SWEEP_CHECKOUT", "SWEEP_DATA", "SWEEP_INSTANCE"];
    const ofProbe = ["NO_COLOR", "TERM"];
    expect(ofCommands).toEqual([...ofTest, ...own, ...ofProbe].sort());
    expect(seen.values("bash", "BASH_ENV")).toEqual([""]);
  });
});
