import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { script } from "../support/sample-app.ts";
import { createWorld, rowOf } from "../support/world.ts";

it("a known cause labels a red and hides nothing: label and exit code stay, and past its date it is a finding", async () => {
  const world = createWorld();
  const red = (words: string) => ({
    files: { "tests/custom/asks": script(`echo 'error: ${words}'; exit 1`) },
    releases: ["1.0.0+1"],
  });
  world.recipe("explained", red("HTTP 502 from git.example.org"));
  world.recipe("expired", red("no index yet"));
  world.recipe("unknown", red("something else"));
  const entry = { cause: "outside", link: "https://git.example.org/7", owner: "maria" };
  const causes = [
    { ...entry, id: "forge-502", pattern: "HTTP 502 from git", until: "2999-01-01" },
    { ...entry, id: "no-index", pattern: "no index yet", until: "2020-01-01" },
  ];
  writeFileSync(join(world.configuration, "known-causes.yaml"), JSON.stringify({ schema: 1, causes }));
  const { document, exit } = await world.json("sweep");
  expect(exit).toBe(3);
  expect(document.honesty.failed).toBe(3);
  for (const row of document.recipes)
    expect(row.label).toBe("FAIL (red at custom; canonical unchanged: none)");
  expect(rowOf(document, "explained").knownCause).toMatchObject({ id: "forge-502", expired: false });
  expect(rowOf(document, "expired").knownCause).toMatchObject({ id: "no-index", expired: true });
  expect(rowOf(document, "unknown").knownCause).toBeUndefined();
  expect(document.findings).toEqual([
    expect.stringMatching(/no-index is past its date \(2020-01-01, owner maria\)/),
  ]);
  const of = (...path: string[]) => world.read("runs", document.run, ...path);
  const told = [of("report.md"), of("report.html"), of("explained", "brief.md")];
  const shown = [await world.call("show", "latest"), await world.call("status")].map(({ stdout }) => stdout);
  for (const text of [...told, ...shown]) expect(text?.replaceAll("\\", "")).toContain("forge-502: outside");
  expect(of("report.md")).toContain("past its date");
});
