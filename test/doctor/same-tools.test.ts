import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Report } from "../../src/core/records/report.ts";
import type { DoctorReport } from "../../src/doctor/doctor.ts";
import { type ProgramEnd, startProgram } from "../support/program.ts";
import { createWorld, type World } from "../support/world.ts";

function program(world: World, name: string, ...lines: string[]): void {
  mkdirSync(join(world.root, "tools"), { recursive: true });
  writeFileSync(join(world.root, "tools", name), `#!/bin/sh\n${lines.join("\n")}\n`);
  chmodSync(join(world.root, "tools", name), 0o755);
}

async function compare(world: World, run: string): Promise<DoctorReport["compare"]> {
  return (await world.json<DoctorReport>("doctor", "--compare", run)).document.compare;
}

describe("the same tools on every way in", () => {
  it("a timer's fire, a shell with a strange git first on its PATH, and a CI have one fingerprint", async () => {
    const world = createWorld();
    world.recipe("notes", { releases: ["1.0.0+1"] });
    const strange = join(world.root, "strange");
    mkdirSync(strange);
    for (const name of ["git", "bash", "flock", "sync"]) {
      writeFileSync(join(strange, name), `#!/bin/sh\ntouch ${world.root}/was-called\nexit 1\n`);
      chmodSync(join(strange, name), 0o755);
    }
    const WAYS: Record<string, Record<string, string>> = {
      timer: {
        PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin",
        LANG: "C.UTF-8",
        INVOCATION_ID: "0123456789abcdef0123456789abcdef",
        CANONICAL_SWEEP_TRIGGER: "timer",
      },
      shell: {
        PATH: `${strange}:${process.env.PATH}`,
        HOME: world.root,
        SHELL: "/bin/zsh",
        TERM: "xterm-256color",
        LANG: "de_DE.UTF-8",
        GIT_CONFIG_GLOBAL: join(world.root, "gitconfig"),
        BASH_ENV: join(world.root, "no-such-file"),
      },
      ci: { PATH: "/nonexistent", HOME: "/root", CI: "true", GIT_DIR: "/nonexistent", LC_ALL: "C" },
    };
    const reports: Record<string, Report> = {};
    for (const [way, env] of Object.entries(WAYS)) {
      const words = ["--config", world.configuration, "--json", "sweep"];
      const end: ProgramEnd = await startProgram(words, { env }).end;
      expect(end.exit, `${way}: ${end.stderr}`).toBe(0);
      reports[way] = JSON.parse(end.stdout) as Report;
    }
    const { ci, shell, timer } = reports;
    expect(timer?.environment.tools.find(({ name }) => name === "git")?.version).toMatch(/^\d/);
    expect(shell?.environment).toEqual(timer?.environment);
    expect(ci?.environment).toEqual(timer?.environment);
    expect([timer?.trigger, shell?.trigger]).toEqual(["timer", "manual"]);
    expect(() => readFileSync(join(world.root, "was-called"))).toThrow();
    expect(await compare(world, timer?.run ?? "")).toMatchObject({ changes: [] });
  });

  it("git-lfs-on-one-path: a tool that the last sweep had and this one lacks is named before anything is tested", async () => {
    const world = createWorld();
    program(world, "git-lfs", "echo git-lfs/9.9.1");
    world.configure({ path: [join(world.root, "tools")] });
    world.recipe("notes", { releases: ["1.0.0+1"] });
    const first = await world.json("sweep");
    expect(first.document.environment.changes).toEqual([]);
    rmSync(join(world.root, "tools/git-lfs"));
    const compared = await world.json<DoctorReport>("doctor", "--compare", "latest");
    const named = expect.stringMatching(
      /^git-lfs: 9\.9\.1 \(.*\/tools\/git-lfs\) before, (missing|\S+ \(.*\)) now$/,
    );
    expect(compared.document.compare).toMatchObject({ run: first.document.run, changes: [named] });
    const sweep = await world.call("sweep");
    const lines = sweep.stderr.split("\n");
    const said = lines.findIndex((line) =>
      line.includes("a tool differs from the last sweep's: git-lfs: 9.9.1"),
    );
    const other = lines.findIndex((line) => /decided|sync|notes/.test(line));
    expect(said, sweep.stderr).toBeGreaterThanOrEqual(0);
    expect(said).toBeLessThan(other);
    expect(sweep.stdout.split("\n")[1]).toContain("a tool differs from the last sweep's: git-lfs: 9.9.1");
    expect(world.report().environment.changes).toEqual([named]);
    const run = world.runs().at(-1) ?? "";
    expect(world.read("runs", run, "report.md")?.split("\n")[2]).toContain(
      "a tool differs from the last sweep",
    );
  });

  it("real-fire-missing-bash: the doctor and the preflight both find a tool that a test calls and the timer would miss", async () => {
    const world = createWorld({ tools: [{ name: "own-tool" }] });
    program(world, "own-tool", "echo own-tool 1.0");
    world.recipe("notes", { releases: ["1.0.0+1"] });
    const env = { PATH: `${join(world.root, "tools")}:/usr/bin:/bin` };
    const call = (...words: string[]) =>
      startProgram(["--config", world.configuration, ...words], { env }).end;
    const seen = await call("doctor");
    expect(seen.exit).toBe(5);
    expect(seen.stdout).toContain("own-tool is missing");
    const sweep = await call("sweep");
    expect(sweep.exit).toBe(5);
    expect(sweep.stderr).toContain("own-tool is missing");
    expect(world.runs()).toEqual([]);
    world.configure({ path: [join(world.root, "tools")] });
    expect((await call("doctor")).exit).toBe(0);
    expect((await call("sweep")).exit).toBe(0);
  });

  it("a file that was replaced under the same name and version is named too; a run that does not exist is refused", async () => {
    const world = createWorld({ tools: [{ name: "own-tool" }] });
    program(world, "own-tool", "echo own-tool 1.0");
    world.configure({ path: [join(world.root, "tools")] });
    world.recipe("notes", { releases: ["1.0.0+1"] });
    const { document } = await world.json("sweep");
    program(world, "own-tool", "# another build", "echo own-tool 1.0");
    expect((await compare(world, document.run))?.changes).toEqual([
      expect.stringMatching(/^own-tool: 1\.0 .*, but its file has changed$/),
    ]);
    expect((await world.call("doctor", "--compare", "19990101")).exit).toBe(2);
  });
});
