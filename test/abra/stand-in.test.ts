import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { TEST_GIT_ENVIRONMENT } from "../support/upstream.ts";
import { notesUpstream } from "./notes-recipe.ts";

const PROGRAM = join(import.meta.dirname, "../programs/abra/abra");

function abra(folder: string, ...args: string[]) {
  const env = { PATH: "/usr/bin:/bin", HOME: folder, ABRA_DIR: folder, NO_COLOR: "1", TERM: "dumb" };
  const { status, stdout, stderr } = spawnSync(PROGRAM, args, { env, encoding: "utf8" });
  return { status, stdout, stderr };
}

/** An `ABRA_DIR` with one server and the recipe `notes`. */
function abraFolder(): string {
  const folder = temporaryFolder("abra-dir");
  const upstream = notesUpstream(folder);
  mkdirSync(join(folder, "servers/default"), { recursive: true });
  execFileSync("git", ["clone", "--quiet", upstream.folder, join(folder, "recipes/notes")], {
    env: TEST_GIT_ENVIRONMENT,
  });
  return folder;
}

describe("the program that stands in for abra", () => {
  it.each([
    ["a command that is not documented", ["app", "logs", "a.example.org"]],
    ["a short flag", ["app", "deploy", "-C", "a.example.org"]],
    ["a flag of another command", ["app", "undeploy", "a.example.org", "--force"]],
    ["a flag that is not documented", ["app", "deploy", "a.example.org", "--yes"]],
    ["a word too many", ["app", "undeploy", "a.example.org", "b.example.org"]],
    ["a word too few", ["app", "secret", "insert", "a.example.org", "name"]],
    ["a value for a switch", ["app", "deploy", "a.example.org", "--chaos=true"]],
    ["no value for a flag that has one", ["app", "new", "notes", "--server"]],
  ])("refuses %s, with FATA on standard output and exit code 1", (_, args) => {
    const result = abra(temporaryFolder("abra-dir"), ...args, "--no-input", "--offline");
    expect(result).toMatchObject({ status: 1, stderr: "" });
    expect(result.stdout).toMatch(/^FATA /);
  });

  it("moves the checkout to the newest release when an app is made without a version", () => {
    const folder = abraFolder();
    const recipe = join(folder, "recipes/notes");
    const git = (...args: string[]) =>
      execFileSync("git", ["-C", recipe, ...args], { env: TEST_GIT_ENVIRONMENT, encoding: "utf8" }).trim();
    git("checkout", "--quiet", "1.0.0+1.0.0");
    const made = abra(
      folder,
      "app",
      "new",
      "notes",
      "--server",
      "default",
      "--domain",
      "a.example.org",
      "--no-input",
    );
    expect(made.status).toBe(0);
    expect(git("describe", "--tags", "--exact-match")).toBe("1.1.0+1.1.0");
  });

  it("makes no app of a compose file that does not parse", () => {
    const folder = abraFolder();
    const recipe = join(folder, "recipes/notes");
    execFileSync("git", ["-C", recipe, "tag", "--delete", "1.0.0+1.0.0", "1.1.0+1.1.0"], {
      env: TEST_GIT_ENVIRONMENT,
    });
    writeFileSync(join(recipe, "compose.yml"), "services: [");
    const made = abra(folder, "app", "new", "notes", "--server", "default", "--domain", "a.example.org");
    expect(made).toMatchObject({ status: 1 });
    expect(made.stdout).toMatch(/^FATA yaml: /);
  });

  it("refuses to back up without a terminal", () => {
    const folder = abraFolder();
    abra(folder, "app", "new", "notes", "--server", "default", "--domain", "a.example.org");
    expect(abra(folder, "app", "backup", "snapshots", "a.example.org").stdout).toBe(
      "FATA the input device is not a TTY\n",
    );
  });

  it("never works on the operator's own folder", () => {
    const { stdout, status } = spawnSync(PROGRAM, ["server", "ls"], {
      env: { PATH: "/usr/bin:/bin" },
      encoding: "utf8",
    });
    expect({ stdout, status }).toMatchObject({ status: 1, stdout: expect.stringContaining("set ABRA_DIR") });
  });
});
