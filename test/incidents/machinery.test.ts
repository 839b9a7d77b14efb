import { mkdirSync } from "node:fs";
import { describe, expect, it, onTestFinished } from "vitest";
import { mountSmallDisk, NO_MOUNT } from "../faults/state/small-disk.ts";
import { script } from "../support/sample-app.ts";
import { createWorld, rowOf } from "../support/world.ts";

const says = (...lines: string[]) => ({
  files: { "tests/custom/asks": script(...lines, "exit 1") },
  releases: ["1.0.0+1"],
});

describe("machinery, wherever it shows", () => {
  it("missing-tool: in a test, in the app's own log and in its registry's words no recipe is red, and three in a row stop the sweep", async () => {
    const world = createWorld();
    world.recipe("a-limit", says('echo "toomanyrequests: You have reached your pull rate limit." >&2'));
    world
      .recipe("b-log", { settings: { timeouts: { deploy: "3s" } } })
      .publish(
        "1.0.0+1",
        'echo "/entrypoint.sh: line 3: envsubst: command not found" >>"$SWEEP_DATA/app.log"; exit 1',
      );
    world.recipe(
      "c-registry",
      says(
        `echo 'Head "https://registry.example.org/v2/app/manifests/1": dial tcp 10.0.0.1:443: connect: connection refused'`,
      ),
    );
    world.recipe("d-good", { releases: ["1.0.0+1"] });
    const { document, exit } = await world.json("sweep");
    expect(rowOf(document, "a-limit").label).toMatch(/^BLOCKED \(machinery: registry .*pull rate limit/);
    expect(rowOf(document, "b-log").label).toMatch(/^BLOCKED \(machinery: a tool is missing: envsubst/);
    expect(rowOf(document, "c-registry").label).toMatch(
      /^BLOCKED \(machinery: registry .*connection refused/,
    );
    expect(rowOf(document, "d-good").label).toMatch(/^NOT-RUN \(machinery: 3 failures in a row/);
    expect(document.honesty).toMatchObject({ failed: 0, blocked: 3, notRun: 1 });
    expect(exit).toBe(5);
  });

  it("an app's words about its own things stay the recipe's fault, and the brief lists the excluded causes", async () => {
    const world = createWorld();
    world.recipe("a-room", says('echo "cp: error writing x: No space left on device"'));
    world.recipe("b-name", says('echo "error: getaddrinfo ENOTFOUND db"'));
    const { document } = await world.json("sweep");
    const ruledOut = {
      "a-room": "a full disk: said .*there is room",
      "b-name": "DNS gone: said .*the stack's own",
    };
    for (const [name, evidence] of Object.entries(ruledOut)) {
      expect(rowOf(document, name).label).toBe("FAIL (red at custom; canonical unchanged: none)");
      expect(world.read("runs", document.run, name, "brief.md")).toMatch(new RegExp(evidence));
    }
  });

  it.skipIf(NO_MOUNT !== null)("a disk that a cold test fills is no recipe's fault", async () => {
    const world = createWorld({ disk: { minFree: "4MiB" } });
    mkdirSync(world.state, { recursive: true });
    const disk = mountSmallDisk(world.state, "size=24m");
    onTestFinished(() => disk.unmount());
    world.recipe("notes", says('head -c 40000000 /dev/zero >"$SWEEP_SCRATCH/big"'));
    const { document } = await world.json("sweep");
    const row = rowOf(document, "notes");
    expect(row.label, row.detail).toMatch(
      /^BLOCKED \(machinery: the disk is full: .*No space left on device/i,
    );
  });
});
