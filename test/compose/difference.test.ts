import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { compareWithDocker, DOCKER_28, differences } from "./difference.ts";
import { generateRelease } from "./generated-files.ts";

const missing = !existsSync(DOCKER_28) && process.env.CI !== "true";
const reason = missing ? " (skipped: no current docker client here)" : "";
const COUNT = Number(process.env.FUZZ_COMPARED ?? 150);
const SEED = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);

describe.skipIf(missing)(`the compose file that we write for Docker${reason}`, () => {
  it(`means the same for Docker as the files of the release, over ${COUNT} generated releases (seed ${SEED})`, () => {
    const { counts, problems } = differences(DOCKER_28, SEED, COUNT);
    expect(problems).toEqual([]);
    expect(counts.compared).toBe(COUNT);
    expect(counts.same).toBeGreaterThan(COUNT / 5);
  });

  it("is reported where it means something else than the release", () => {
    const release = { ...generateRelease(1), isHurt: false, composeFiles: ["compose.yml"] };
    const text = 'version: "3.8"\nservices: { app: { image: a:1, hostname: one } }\n';
    const folder = temporaryFolder("difference");
    const files = { "compose.yml": text };
    expect(compareWithDocker(DOCKER_28, folder, { ...release, files })).toEqual({ end: "same" });
    const other = text.replace("one", "two");
    expect(compareWithDocker(DOCKER_28, folder, { ...release, files }, other)).toMatchObject({
      end: "different",
    });
  });
});
