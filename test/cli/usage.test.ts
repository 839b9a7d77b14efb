import { describe, expect, test } from "vitest";
import { runProgram } from "../support/program.ts";
import { sampleSweep } from "../support/sample-sweep.ts";

async function faultsOf(...args: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await runProgram(args);
  expect(exitCode).toBe(2);
  expect(stdout).toBe("");
  return stderr;
}

describe("the usage error of a wrong command line (exit code 2)", () => {
  test("lists all mistakes at once, each with the allowed values", async () => {
    const said = await faultsOf(
      "run",
      "--tag",
      "1",
      "--ref",
      "2",
      "--tier",
      "foo",
      "install",
      "--quiet",
      "--verbose",
    );
    expect(said).toContain("missing required argument 'RECIPE'");
    expect(said).toContain("--tag and --ref exclude each other");
    expect(said).toContain("--tier takes install upgrade backup restore custom, and found 'foo'");
    expect(said).toContain("--quiet and --verbose exclude each other");
    expect(said).toContain("`canonical-sweep run --help`");
  });

  test("suggests an option for each unknown one, and lists the known ones", async () => {
    const said = await faultsOf("plan", "--no-snyc", "--jsn");
    expect(said).toContain("unknown option '--no-snyc': did you mean --no-sync?");
    expect(said).toContain("unknown option '--jsn': did you mean --json?");
    expect(said).toContain("allowed: --no-sync --config");
  });

  test("suggests the command that was meant", async () => {
    const said = await faultsOf("stauts");
    expect(said).toContain("unknown command 'stauts': did you mean status?");
    expect(said).toContain("allowed: status plan");
  });

  test("names an option without its value, and an unknown option", async () => {
    expect(await faultsOf("run", "gitea", "--tag")).toContain("--tag <TAG>' argument missing");
    expect(await faultsOf("run", "gitea", "--tag", "--quick")).toContain(
      "--tag wants a value and found '--quick'",
    );
  });

  test("names all that is missing, and a day that does not exist", async () => {
    const said = await faultsOf("hold", "gitea", "--until", "2026-02-30");
    expect(said).toContain("--reason <R>");
    expect(said).toContain("YYYY-MM-DD");
    expect(said).toContain("2026-02-30");
  });

  test("names an empty reason beside a day that does not exist", async () => {
    const said = await faultsOf("acknowledge", "gitea", "--reason", " ", "--until", "soon");
    expect(said).toContain("--reason wants a reason");
    expect(said).toContain("found 'soon'");
    expect(await faultsOf("revoke", "gitea", "--reason", "")).toContain("--reason wants a reason");
  });

  test.for([
    ["clean", "--dry-run", "--discard", "gitea"],
    ["run", "gitea", "--quick", "--tier", "upgrade"],
    ["run", "gitea", "--ref", "main", "--accept-moved-tag"],
    ["show", "latest", "gitea", "--bundle", "x.tar.gz"],
  ])("names the contradiction in: %s %s %s", async (args) => {
    expect(await faultsOf(...args)).toMatch(/exclude each other|leave RECIPE out/);
  });

  test("suggests a recipe for each name that is not configured", async () => {
    const { config } = sampleSweep({ gitea: {}, hedgedoc: {} });
    const said = await faultsOf("plan", "gitae", "nothing-like-it", "--config", config);
    expect(said).toContain("'gitae' is not configured: did you mean gitea?");
    expect(said).toContain("'nothing-like-it' is not configured (configured: gitea hedgedoc)");
    expect(
      await faultsOf("hold", "gitae", "--reason", "x", "--until", "2099-01-01", "--config", config),
    ).toContain("did you mean gitea?");
  });

  test("refuses an option or a path as a recipe's name", async () => {
    const { config } = sampleSweep({ gitea: {} });
    expect(await faultsOf("explain", "--config", config, "--", "--upload-pack")).toContain("not configured");
    expect(await faultsOf("revoke", "../../etc", "--reason", "x", "--config", config)).toContain(
      "no name of a recipe",
    );
    expect(await faultsOf("history", "../x", "--config", config)).toContain("no name of a recipe");
  });
});
