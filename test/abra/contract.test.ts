import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { createToolbox } from "../../src/command/toolbox.ts";
import { ABRA_PROGRAM, openBench } from "./bench.ts";
import { BEHAVIOURS, compare } from "./contract.ts";
import { notesUpstream } from "./notes-recipe.ts";
import { ensureImage, whyNoSwarm } from "./swarm.ts";

const missing = whyNoSwarm();
const upstreamWithToken = (folder: string) => notesUpstream(folder, { secrets: ["token"] });

describe.skipIf(missing !== null)(`the contract with abra${missing === null ? "" : ` (${missing})`}`, () => {
  beforeAll(ensureImage);

  it("holds: abra does everything that the driver relies on", { timeout: 400_000 }, async () => {
    const bench = openBench(upstreamWithToken, { limitMs: 390_000 });
    const { lines, differing } = await compare(bench, BEHAVIOURS);
    process.stdout.write(`\nCompatibility of ${ABRA_PROGRAM}\n${lines.join("\n")}\n\n`);
    expect(differing).toEqual([]);
  });

  it("names every behaviour that a program has not", async () => {
    const bench = openBench(upstreamWithToken);
    const program = join(bench.folder, "abra");
    writeFileSync(program, "#!/bin/sh\necho all is well\n");
    chmodSync(program, 0o755);
    const tools = createToolbox([bench.folder, "/usr/sbin", "/usr/bin", "/bin"]);
    const { differing } = await compare(
      { ...bench, options: { ...bench.options, tools } },
      BEHAVIOURS.slice(0, 11),
    );
    expect(differing).toHaveLength(11);
  });
});
