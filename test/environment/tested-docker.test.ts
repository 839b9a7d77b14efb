import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, it } from "vitest";
import { outsideTestedDocker, TESTED_DOCKER } from "../../src/command/tested-docker.ts";

const ROOT = join(import.meta.dirname, "../..");
const { newest, oldest } = TESTED_DOCKER;
const SWARMS = (process.env.TEST_SWARMS ?? "").split(" ").filter(Boolean);

describe("the tested versions of Docker", () => {
  it.each([
    ["20.10.24+dfsg1", null],
    ["24.0.7", null],
    ["28.5.99", null],
    ["28", null],
    ["19.03.15", `older than ${oldest}, the oldest that is tested`],
    ["20.9", `older than ${oldest}, the oldest that is tested`],
    ["28.6.0", `newer than ${newest}, the newest that is tested`],
    ["29.0.0-rc.1", `newer than ${newest}, the newest that is tested`],
  ])("beside a client or engine %s: %s", (version, expected) => {
    expect(outsideTestedDocker(version)).toBe(expected);
  });

  it("end with the one that is built for the tests", () => {
    const folder = execFileSync(join(ROOT, ".ci/parts/current-docker"), ["folder"], { encoding: "utf8" });
    expect(minorOf(basename(folder.trim()).replace("docker-", ""))).toBe(newest);
  });

  it.each(["README.md", "docs/configuration.md"])("stand in %s", (page) => {
    expect(readFileSync(join(ROOT, page), "utf8")).toContain(`${oldest} and ${newest}`);
  });

  it.skipIf(SWARMS.length === 0)(
    "are those of the swarms that `npm test` was given, engine and client",
    () => {
      const asked = ["/usr/bin/docker", "version", "--format", "{{.Server.Version}} {{.Client.Version}}"];
      const within = SWARMS.map((folder) => [join(ROOT, ".ci/parts/docker"), "within", folder, ...asked]);
      const answers = [asked, ...within].map(([program = "", ...args]) =>
        execFileSync(program, args, { encoding: "utf8" }).trim().split(" ").map(minorOf).join(" "),
      );
      expect(new Set(answers)).toEqual(new Set([`${oldest} ${oldest}`, `${newest} ${newest}`]));
    },
  );
});

function minorOf(version: string): string {
  return /^\d+\.\d+/.exec(version)?.[0] ?? version;
}
