import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { driverNames } from "./architecture/driver-names.ts";
import {
  circles,
  corePurity,
  doors,
  drivers,
  LONGEST_FILE,
  LONGEST_FUNCTION,
  labels,
  moduleState,
  names,
  putOff,
  rings,
  sizes,
  words,
} from "./architecture/rules.ts";
import { bareCode, importsOf, readSources, type SourceFile, type Violation } from "./architecture/source.ts";

const SOURCES = readSources(join(import.meta.dirname, "../src"));

describe("the architecture", () => {
  it("the rules look at sources of every ring", () => {
    expect(SOURCES.length).toBeGreaterThan(200);
    expect(SOURCES.flatMap(importsOf).length).toBeGreaterThan(1000);
  });

  it.each<[string, (files: readonly SourceFile[]) => Violation[]]>([
    ["core is pure: it imports only itself, semver and zod", corePurity],
    ["one door for processes, git, files and the network", doors],
    ["time, environment and arguments come from main.ts", words],
    ["a ring imports only its own and later rings, and no stage another stage", rings],
    ["no file or folder imports itself through others", circles],
    ["a driver imports no other driver, and only the factory imports one", drivers],
    ["nobody outside of the drivers asks which driver it is", driverNames],
    ["nothing but core/label reads a label", labels],
    ["no module keeps state, and its tables are read-only", moduleState],
    ["no name says nothing", names],
    ["nothing was put off in a comment", putOff],
    [`no file is longer than ${LONGEST_FILE} lines, no function than ${LONGEST_FUNCTION}`, sizes],
  ])("holds in all sources: %s", (_promise, rule) => {
    expect(rule(SOURCES)).toEqual([]);
  });
});

describe("a rule of the architecture", () => {
  const file = (path: string, ...lines: string[]): SourceFile => ({ path, text: `${lines.join("\n")}\n` });

  it.each<[string, (files: readonly SourceFile[]) => Violation[], SourceFile]>([
    ["core imports Node", corePurity, file("core/a.ts", 'import { join } from "node:path";')],
    ["core imports another package", corePurity, file("core/a.ts", 'import YAML from "yaml";')],
    ["core imports a door", corePurity, file("core/a/b.ts", 'import type { Log } from "../../log.ts";')],
    ["core re-exports what is not core", corePurity, file("core/a.ts", 'export * from "../state/files.ts";')],
    ["a driver starts processes itself", doors, file("driver/abra/a.ts", 'import { execa } from "execa";')],
    ["a late import is one too", doors, file("command/b.ts", '  const { execa } = await import("execa");')],
    ["child_process", doors, file("command/run.ts", 'import { spawn } from "node:child_process";')],
    ["git outside of the mirror", doors, file("sweep/a.ts", 'import { simpleGit } from "simple-git";')],
    ["files outside of state", doors, file("sweep/a.ts", 'import { readFileSync } from "node:fs";')],
    [
      "files by an import of many lines",
      doors,
      file("sweep/a.ts", "import {", "  readFile,", "  rm,", '} from "node:fs/promises";'),
    ],
    ["files without the prefix", doors, file("sweep/a.ts", 'import { rm } from "fs";')],
    ["the network in a stage", doors, file("promote/a.ts", 'import { request } from "node:https";')],
    ["by our own way to it", doors, file("promote/a.ts", 'import { http } from "../edge/node-http.ts";')],
    ["another environment", words, file("docker/a.ts", "run({ env: Environment.ofOperator(variables) });")],
    ["an environment by force", words, file("docker/a.ts", "const env = {} as unknown as Environment;")],
    ["a child in a checkout", words, file("docker/a.ts", "run({ cwd: source.checkout });")],
    ["fetch", words, file("report/a.ts", "await fetch(address);")],
    ["the clock", words, file("sweep/a.ts", "const now = Date.now();")],
    ["the clock as a function", words, file("sweep/a.ts", "const clock = { now: Date.now };")],
    ["the date of today", words, file("sweep/a.ts", "const now = new Date();")],
    ["the environment", words, file("cli/a.ts", "const { HOME } = process.env;")],
    ["the environment in a template", words, file("cli/a.ts", `const a = ${filledIn("process.env.HOME")};`)],
    ["the arguments", words, file("cli/a.ts", "process.argv.slice(2)")],
    ["the end of the process", words, file("cli/a.ts", "process.exit(1)")],
    ["a counter of a module", moduleState, file("run/a.ts", "let checkouts = 0;")],
    ["a cache of a module", moduleState, file("run/a.ts", "const READ = new WeakMap<Run, Rows>();")],
    ["a cache with a type", moduleState, file("run/a.ts", "const READ: Map<Run, Rows> = new Map();")],
    ["a list that grows", moduleState, file("run/a.ts", "export const seen: string[] = [];")],
    ["a default export", words, file("cli/a.ts", "export default function run() {}")],
    ["a door imports a means", rings, file("state/a.ts", 'import { x } from "../docker/docker.ts";')],
    ["a means imports the flow", rings, file("mirror/a.ts", 'import type { Run } from "../sweep/run.ts";')],
    ["a stage imports the entry", rings, file("report/a.ts", 'import { table } from "../render/table.ts";')],
    ["a stage imports a stage", rings, file("brief/a.ts", 'import { x } from "../report/history.ts";')],
    ["somebody imports main.ts", rings, file("cli/a.ts", 'import { x } from "../main.ts";')],
    ["a folder of no ring", rings, file("enrolment/a.ts", "export const a = 1;")],
    [
      "a driver imports a driver",
      drivers,
      file("driver/swarm/a.ts", 'import { x } from "../abra/deploy.ts";'),
    ],
    [
      "the flow imports a driver",
      drivers,
      file("run/a.ts", 'const x = await import("../driver/abra/x.ts");'),
    ],
    ["a driver's name in a comparison", driverNames, file("run/a.ts", 'if (driver.name === "abra") x();')],
    ["the name on the left", driverNames, file("run/a.ts", 'if ("command" !== driver) x();')],
    [
      "a name in a template's expression",
      driverNames,
      file("run/a.ts", `const a = ${filledIn('driver === "swarm" ? 1 : 2')};`),
    ],
    ["a name over two lines", driverNames, file("run/a.ts", "const a = driver ===", '  "swarm";')],
    ["a switch by driver", driverNames, file("run/a.ts", "switch (driver) {", '  case "swarm":', "}")],
    ["a search by driver", driverNames, file("run/a.ts", 'if (["swarm"].includes(driver)) x();')],
    ["a list of drivers", driverNames, file("run/a.ts", 'const some = ["abra", "swarm"];')],
    ["a union of drivers", driverNames, file("run/a.ts", 'type Some = "abra" | "swarm";')],
    ["a driver's row of the traits", driverNames, file("run/a.ts", "const { dataIs } = TRAITS.command;")],
    ["a second table", driverNames, file("run/a.ts", "const T: Record<DriverName, string> = x;")],
    [
      "an object by driver",
      driverNames,
      file("run/a.ts", "const t = {", "  abra: { a: 1 },", "  swarm: { a: 2 },", "};"),
    ],
    ["the factory compares", driverNames, file("run/drivers.ts", 'if (name === "abra") x();')],
    ["a label's kind taken from its text", labels, file("sweep/a.ts", "if (labelKind(text) === null) b();")],
    ["a label's beginning", labels, file("core/a.ts", 'if (row.label.startsWith("BLOCKED (")) b();')],
    ["a part of a label", labels, file("audit/a.ts", "const rest = label.slice(kind.length);")],
    ["a pattern on a label", labels, file("core/a.ts", "rows.some(({ label }) => STOPPED.test(label));")],
    ["a pattern on a row's label", labels, file("core/a.ts", "const [word] = /x/.exec(row.label) ?? [];")],
    ["a part of a detail", labels, file("core/a.ts", 'detail.replace(/^passed /, "");')],
    ["a label compared with words", labels, file("core/a.ts", 'if (row.label === "SKIP held") b();')],
    ["a file of utilities", names, file("state/file-utils.ts")],
    ["a folder of helpers", names, file("helpers/a.ts")],
    ["something put off", putOff, file("cli/a.ts", "// TODO: later")],
    ["a long file", sizes, file("cli/a.ts", ...Array<string>(251).fill("a();"))],
    [
      "a long function",
      sizes,
      file("cli/a.ts", "export async function a(", "  b: string,", "): Promise<void> {", ...body(60), "}"),
    ],
    ["a long arrow", sizes, file("cli/a.ts", "const a = () => {", ...body(60), "};")],
  ])("is broken by %s", (_name, rule, planted) => {
    expect(rule([planted])).toHaveLength(1);
  });

  it.each<[string, (files: readonly SourceFile[]) => Violation[], SourceFile]>([
    [
      "a program in a template is none of ours",
      doors,
      file("init/a.ts", "const p = `", 'import "node:fs";', "`;"),
    ],
    [
      "nor is what it calls",
      words,
      file(
        "init/a.ts",
        `const p = ${filledIn("x({ a: `}` + 1 })")}; const q = ${escaped("fetch(process.env.A)")};`,
      ),
    ],
    ["a comment calls nothing", words, file("cli/a.ts", "// not Date.now()", "/** nor fetch(x) */")],
    ["a string calls nothing", words, file("cli/a.ts", 'const text = "process.env";')],
    ["a moment that is given", words, file("cli/a.ts", "new Date(clock.now()).toISOString()")],
    ["a method named fetch", words, file("cli/a.ts", "mirror.fetch(refs)")],
    ["a stage imports a means", rings, file("promote/a.ts", 'import { x } from "../app/under-test.ts";')],
    ["everybody imports core", rings, file("state/a.ts", 'import { x } from "../core/label.ts";')],
    ["the factory imports a driver", drivers, file("run/drivers.ts", 'import("../driver/abra/x.ts");')],
    ["a driver is itself", driverNames, file("driver/swarm/a.ts", 'const a = name === "swarm";')],
    [
      "the table of the traits",
      driverNames,
      file("core/driver-traits.ts", "const t = { abra: 1, swarm: 2 };"),
    ],
    ["the factory's table", driverNames, file("run/drivers.ts", "const t = { abra: 1, swarm: 2 };")],
    [
      "two drivers that are the same",
      driverNames,
      file("run/a.ts", "const a = one.driver === other.driver;"),
    ],
    ["a probe by command", driverNames, file("app/a.ts", 'if ("command" in health) x();')],
    ["a tool's name", driverNames, file("run/a.ts", 'tools.find("abra");', 'const a = { swarm: "x" };')],
    ["a label compared with another", labels, file("audit/a.ts", "if (label === row.label) b();")],
    ["a label that is shown", labels, file("brief/a.ts", "cut(row.label); paint(label, tone);")],
    ["what drivers share", drivers, file("driver/swarm/a.ts", 'import { x } from "../driver.ts";')],
    [
      "a table that is read-only",
      moduleState,
      file("run/a.ts", 'const NAMES: ReadonlySet<string> = new Set(["a"]);'),
    ],
    ["a function of 60 lines", sizes, file("cli/a.ts", "function a() {", ...body(58), "}")],
  ])("holds for a source without a violation: %s", (_name, rule, harmless) => {
    expect(rule([harmless])).toEqual([]);
  });

  it.each<[string, SourceFile[], boolean]>([
    ["two files", [imports("app/a.ts", "./b.ts"), imports("app/b.ts", "./a.ts")], true],
    ["two folders", [imports("app/a.ts", "../edge/b.ts"), imports("edge/c.ts", "../app/d.ts")], true],
    [
      "three folders",
      [
        imports("app/a.ts", "../edge/b.ts"),
        imports("edge/c.ts", "../mirror/d.ts"),
        imports("mirror/e.ts", "../app/f.ts"),
      ],
      true,
    ],
    ["two subfolders", [imports("a/b/c.ts", "../d/e.ts"), imports("a/d/f.ts", "../b/g.ts")], true],
    ["a folder and its subfolder", [imports("a/b.ts", "./c/d.ts"), imports("a/c/e.ts", "../f.ts")], false],
    ["one way", [imports("app/a.ts", "../edge/b.ts"), imports("edge/c.ts", "../mirror/d.ts")], false],
  ])("finds a circle of %s, and nothing else", (_name, files, isCircle) => {
    expect(circles(files).length > 0).toBe(isCircle);
  });

  it("sees the code behind a regular expression with quotes", () => {
    const tricky = file("cli/a.ts", "const quote = /[\"'`]/;", "const now = Date.now();", "const b = `x`;");
    expect(bareCode(tricky)).toContain("Date.now()");
  });

  function imports(path: string, target: string): SourceFile {
    return file(path, `import type { A } from "${target}";`);
  }

  /** A template with code in it. */
  function filledIn(code: string): string {
    return ["`it's $", "{", code, '} "', "`"].join("");
  }

  /** A template whose text looks like code in it. */
  function escaped(code: string): string {
    return ["`\\$", "{", code, "}`"].join("");
  }

  function body(lines: number): string[] {
    return Array<string>(lines).fill("  b();");
  }
});
