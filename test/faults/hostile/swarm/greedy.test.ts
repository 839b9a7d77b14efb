import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { BOUNDS } from "../../../../src/core/bounds.ts";
import type { Report } from "../../../../src/core/records/report.ts";
import { describeOnSwarm } from "../../../support/swarm.ts";
import { detailsOf, worldForTest } from "../../../sweep-swarm/world.ts";
import { report } from "../../fault.ts";

/** What a release's files ask for, and what its row must say of it. */
interface Greedy {
  name: string;
  env?: string;
  abraSh?: string;
  says: RegExp;
}

const sample = (...lines: string[]) =>
  ["TYPE=notes", "SECRET_DB_PASSWORD_VERSION=v1", ...lines, ""].join("\n");
const secret = (modifiers: string) => `TYPE=notes\nSECRET_DB_PASSWORD_VERSION=v1 # ${modifiers}\n`;
const many = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => line(index));

const GREEDY: Record<string, Greedy> = {
  "a-length": {
    name: "a secret of a thousand million characters",
    env: secret("length=1000000000"),
    says: /SECRET_DB_PASSWORD_VERSION has length=1000000000; a generated secret has 8 to 512 characters/,
  },
  "a-short": { name: "a secret of three characters", env: secret("length=3"), says: /length=3; .*8 to 512/ },
  "a-exponent": {
    name: "a secret of 1e9 characters",
    env: secret("length=1e9"),
    says: /length=1e9; .*8 to 512/,
  },
  "a-charset": {
    name: "a secret of characters that nobody knows",
    env: secret("charset=everything"),
    says: /charset=everything; allowed are default, special/,
  },
  "a-doubling": {
    name: "seventy lines of variables that double",
    env: sample("V0=xx", ...many(70, (index) => `V${index + 1}=$V${index}$V${index}`)),
    says: /the variable V\d+ has \d+ bytes; at most 65536/,
  },
  "a-itself": {
    name: "a variable that doubles itself seventy times",
    env: sample("A=xx", ...many(70, () => 'A="$A$A"')),
    says: /the variable A has \d+ bytes; at most 65536/,
  },
  "a-variables": {
    name: "25,000 variables",
    env: sample(...many(20_000, (index) => `V${index}=1`)),
    says: /has 20002 variables; at most 2000/,
  },
  "a-file": {
    name: "an .env.sample of 1 MB",
    env: sample(`# ${"x".repeat(1_000_000)}`),
    says: /longer than 262144 bytes/,
  },
  "a-nul": { name: "a variable with a NUL", env: sample("A=a\0b"), says: /the variable A has a NUL/ },
  "a-telling": {
    name: "100 KB of variables that are secret by their names",
    env: sample(...many(100, (index) => `P${index}_PASSWORD=${"x".repeat(1000)}`)),
    says: /names of secrets, 100000 bytes; at most 32768/,
  },
  "a-exports": {
    name: "an abra.sh of 1 MB",
    abraSh: `# ${"x".repeat(1_000_000)}\n`,
    says: /longer than 262144 bytes/,
  },
};

/** What the program may have for itself. */
const HEAP_MIB = 256;

describeOnSwarm("greedy releases on a swarm", () => {
  it("get their own red rows, and the good release behind them is promoted", async (context) => {
    const world = await worldForTest();
    for (const [recipe, { abraSh, env }] of Object.entries(GREEDY))
      world.recipe(recipe).publish("1.0.0+1", {
        files: {
          ...(env === undefined ? {} : { ".env.sample": env }),
          ...(abraSh === undefined ? {} : { "abra.sh": abraSh }),
        },
      });
    // It lives, and says more than any disk may have.
    world
      .recipe("b-loud")
      .publish("1.0.0+1", { begin: "yes 'a line of the app' | head -c 30000000; printf %9000000d 1" });
    world.recipe("zz-good", { releases: ["1.0.0+1"] });
    const { exit, stderr, stdout } = await world.startWith(
      { NODE_OPTIONS: `--max-old-space-size=${HEAP_MIB}` },
      "--json",
      "sweep",
    ).end;
    expect(exit, stderr).toBe(3);
    const document = JSON.parse(stdout) as Report;
    for (const [recipe, { says }] of Object.entries(GREEDY)) {
      const row = document.recipes.find((each) => each.recipe === recipe);
      expect(row?.label, `${recipe}: ${row?.detail}`).toBe(
        "FAIL (red at install; canonical unchanged: none)",
      );
      expect(row?.detail).toMatch(says);
    }
    const good = document.recipes.find((each) => each.recipe === "zz-good");
    expect(good?.label, detailsOf(document)).toBe("PASS (promoted 1.0.0+1)");
    const evidence = join(world.state, "runs", document.run, "b-loud/evidence");
    const log = readFileSync(
      join(evidence, readdirSync(evidence).find((name) => name.endsWith("_app.log")) ?? ""),
    );
    expect(log.length).toBeGreaterThan(10_000);
    // Characters of some bytes each.
    expect(log.length).toBeLessThan(BOUNDS.serviceLogCharacters + 4_096);
    for (const { name } of Object.values(GREEDY))
      report(context, {
        kind: "hostile input",
        name: `on a swarm: ${name}`,
        outcome: "FAIL (red at install), with the bound; the next is promoted",
        lost: [],
        touched: [],
      });
  }, 900_000);
});
