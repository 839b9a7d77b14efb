import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { XMLValidator } from "fast-xml-parser";
import { expect, it } from "vitest";
import { NODE, PROGRAM } from "../../support/program.ts";
import { script } from "../../support/sample-app.ts";
import { createWorld, labelsOf, rowOf, type World } from "../../support/world.ts";
import { report } from "../fault.ts";
import { CHEAP, useCheapRecipes } from "./cheap-recipe.ts";
import { guard, plantWitness } from "./guard.ts";

/** What a test of a recipe writes, and the label that it gets for it. */
interface Output {
  name: string;
  lines(world: World): string[];
  label: RegExp;
  warning?: RegExp;
}

const RED = /^FAIL \(red at custom/;
const GREEN = /^PASS \(promoted 1\.0\.0\+1/;
const says = (text: string) => () => [`printf '%b' '${text}'`, "exit 1"];
const junit = (text: string) => () => [`printf '%b' '${text}' >"$SWEEP_JUNIT"`];
const laughs = Array.from(
  { length: 9 },
  (_, level) => `<!ENTITY l${level + 1} "${`&l${level};`.repeat(10)}">`,
).join("");

const OUTPUTS: Record<string, Output> = {
  terminal: {
    name: "a test that says terminal codes: colours, title, clear screen, bell, carriage returns, C1, bidi",
    lines: says(
      "\\033]0;owned\\007\\033[2J\\033[1;31merror: \\r\\0302\\0233;31m it \\b\\b\\0342\\0200\\0256 failed\\033]8;;http://x\\033\\\\\\n",
    ),
    label: RED,
  },
  html: {
    name: "a test that says HTML and script",
    lines: says('error: </p><script>alert(1)</script><img src=x onerror=alert(1)> & "\\n'),
    label: RED,
  },
  markdown: {
    name: "a test that says Markdown and workflow commands",
    lines: says(
      "::error file=x::owned\\nerror: [x](javascript:alert(1)) ![](http://x) `x` # | --- ```\\n```\\n",
    ),
    label: RED,
  },
  bytes: {
    name: "a test that says NUL and bytes that are no UTF-8",
    lines: says("error: \\0377\\0376\\0000\\0300\\0200 \\0355\\0240\\0200 failed\\n"),
    label: RED,
  },
  long: {
    name: "a test that says a line of 1 MB",
    lines: () => ["printf 'error: '; head -c 1000000 /dev/zero | tr '\\0' x", "exit 1"],
    label: RED,
  },
  "junit-html": {
    name: "a JUnit file with HTML, CDATA and control characters",
    lines: junit(
      '<testsuite><testcase name="a&lt;b&gt;\\033[2J"><failure message="&lt;script&gt;"><![CDATA[<script>\\033]0;x\\007]]></failure></testcase></testsuite>',
    ),
    label: RED,
  },
  "junit-entity": {
    name: "a JUnit file with an entity that is a secret of the host",
    lines: (world) =>
      junit(
        `<!DOCTYPE x [<!ENTITY x SYSTEM "file://${world.root}/witness/secret">]><testsuite><testcase name="a"><failure>&x;</failure></testcase></testsuite>`,
      )(),
    label: /^(FAIL|PASS) /,
  },
  "junit-laughs": {
    name: "a JUnit file with entities that multiply to a billion",
    lines: junit(
      `<!DOCTYPE x [<!ENTITY l0 "ha">${laughs}]><testsuite><testcase name="a"><failure>&l9;</failure></testcase></testsuite>`,
    ),
    label: /^(FAIL|PASS) /,
  },
  "junit-link": {
    name: "a JUnit file that is a link to a secret of the host",
    lines: (world) => [`ln -s ${world.root}/witness/secret "$SWEEP_JUNIT"`],
    label: GREEN,
    warning: /leads out of its folder/,
  },
  "junit-pipe": {
    name: "a JUnit file that is a pipe which nobody writes to",
    lines: () => ['mkfifo "$SWEEP_JUNIT"'],
    label: GREEN,
    warning: /no regular file/,
  },
  "junit-device": {
    name: "a JUnit file that is a link to an endless device",
    lines: () => ['ln -s /dev/zero "$SWEEP_JUNIT"'],
    label: GREEN,
    warning: /JUnit file cannot be read/,
  },
  "junit-folder": {
    name: "a JUnit file that is a folder",
    lines: () => ['mkdir "$SWEEP_JUNIT"'],
    label: GREEN,
    warning: /no regular file/,
  },
  "junit-huge": {
    name: "a JUnit file of 8 GiB",
    lines: () => ['truncate -s 8G "$SWEEP_JUNIT"'],
    label: GREEN,
    warning: /longer than/,
  },
  "scratch-link": {
    name: "a test that leaves its scratch as a link to the operator's files",
    lines: (world) => ['rm -r "$SWEEP_SCRATCH"', `ln -s ${world.root}/witness "$SWEEP_SCRATCH"`],
    label: GREEN,
  },
  "scratch-deep": {
    name: "a test that leaves 3,000 folders in each other, and 4 TiB of holes",
    lines: () => [
      'cd "$SWEEP_SCRATCH"',
      "truncate -s 4T holes",
      "perl -e '$name = \"d\" x 100; for (1..3000) { mkdir $name or die $!; chdir $name or die $! }'",
    ],
    label: GREEN,
  },
};

it("the output of tests reaches a terminal, a page and a report only as text, and nothing of the host reaches any", async (context) => {
  const world = createWorld();
  useCheapRecipes(world);
  const bystander = world.recipe("bystander", { ...CHEAP, releases: ["1.0.0+1"] });
  await world.json("sweep");
  const witness = plantWitness(world.root);
  for (const [key, { lines }] of Object.entries(OUTPUTS)) {
    const files = { ...CHEAP.files, "tests/custom/writes": script(...lines(world)) };
    world.recipe(key, { ...CHEAP, files, releases: ["1.0.0+1"] });
  }
  const damage = guard({
    proven: [join(world.state, "canonical/bystander"), join(world.state, "data/bystander")],
    foreign: [witness, world.upstreams, join(world.configuration, "recipes")],
  });
  const { document, exit, stderr, stdout } = await world.json("sweep");
  expect(exit, stderr).toBe(3);
  const labels = labelsOf(document);
  for (const [key, { label, warning }] of Object.entries(OUTPUTS)) {
    expect(labels[key], `${key}: ${rowOf(document, key).detail}`).toMatch(label);
    if (warning !== undefined) expect(rowOf(document, key).warnings?.join("\n")).toMatch(warning);
  }
  expect(bystander.record()?.version).toBe("1.0.0+1");
  expectOnlyText(stdout, "standard output");
  expectOnlyText(stderr, "standard error");
  expectReports(world, document.run);
  await expectTerminals(world, document.run);
  expect(existsSync(join(world.state, "scratch", document.run))).toBe(false);
  const { lost, touched } = damage();
  for (const [key, { name }] of Object.entries(OUTPUTS)) {
    const outcome = `${labels[key]}; as text in every report, page and terminal`;
    report(context, { kind: "hostile input", name, outcome, lost, touched });
  }
}, 400_000);

function expectOnlyText(text: string, where: string): void {
  expect(/[^\P{C}\n]/u.exec(text)?.[0], where).toBeUndefined();
  expect(text, where).not.toContain("canary-of-the-host");
}

function expectReports(world: World, run: string): void {
  const read = (...path: string[]) => world.read("runs", run, ...path) ?? "";
  const briefs = Object.keys(OUTPUTS).map((key) => read(key, "brief.md"));
  expect(briefs.filter((brief) => brief !== "").length).toBeGreaterThan(5);
  for (const text of [read("report.md"), read("report.html"), read("junit.xml"), ...briefs])
    expectOnlyText(text, text.slice(0, 60));
  expect(read("report.html")).not.toMatch(/<(script|img)|javascript:[^&]*"|onerror=[^&]*>(?!<)/);
  expect(read("report.html")).toContain("&lt;script&gt;");
  expect(read("report.md")).not.toMatch(/<(script|img)|(?<!\\)\]\(/);
  expect(XMLValidator.validate(read("junit.xml"))).toBe(true);
  expect(JSON.parse(read("report.json"))).toMatchObject({ run });
  for (const text of [...briefs, read("report.md")]) expect(text).not.toMatch(/^::/m);
}

/** On a terminal of its own kind: only colours, and the moves of the program's own live lines. */
async function expectTerminals(world: World, run: string): Promise<void> {
  for (const words of [["show", run, "terminal"], ["show", run], ["status"], ["run", "terminal"]]) {
    const command = [NODE, PROGRAM, "--config", world.configuration, ...words];
    const args = ["--quiet", "--command", command.map((word) => `'${word}'`).join(" "), "/dev/null"];
    const env = { PATH: "/usr/bin:/bin", TERM: "xterm-256color", SHELL: "/bin/sh" };
    const { stdout } = await promisify(execFile)("script", args, { env, maxBuffer: 64 * 1024 * 1024 });
    const shown = stdout.replaceAll(OWN_CODES, "");
    expect(shown.length, words.join(" ")).toBeGreaterThan(50);
    expectOnlyText(shown.replaceAll("\r\n", "\n"), words.join(" "));
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: terminal codes are made of control characters
const OWN_CODES = /\u001b\[(?:[0-9;]*m|\d*[AGK]|\?25[lh]|\?2026[hl])/g;
