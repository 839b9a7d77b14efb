// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are for a shell that must not read them
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { type FileContent, TEST_GIT_ENVIRONMENT } from "../../support/upstream.ts";
import { createWorld, labelsOf, type SampleRecipe, type World } from "../../support/world.ts";
import { report } from "../fault.ts";
import { CHEAP, useCheapRecipes } from "./cheap-recipe.ts";
import { guard, plantWitness } from "./guard.ts";

/** A recipe whose upstream is hostile: how it is made so, the label that it must get, and what stands in its row. */
interface Hostile {
  name: string;
  make(recipe: SampleRecipe, world: World): void;
  label: RegExp;
  detail?: RegExp;
}

const GREEN = /^PASS \(promoted /;
const NEVER = /^SKIP never-released$/;
const NO_SYNC = /^BLOCKED \(sync-failed/;
const REFUSED = /^BLOCKED \(checkout: /;
/** What no shell may ever make. */
const PWNED = "PWNED";
const touches = (world: World) => `touch${"$"}{IFS}${world.root}/witness/${PWNED}`;

const tagged =
  (tag: (world: World) => string): Hostile["make"] =>
  (recipe, world) => {
    recipe.upstream.commit({ version: "1" });
    recipe.upstream.tag(tag(world), { lightweight: true });
  };
const committed =
  (files: (world: World) => Record<string, FileContent>): Hostile["make"] =>
  (recipe, world) => {
    recipe.upstream.commit({ version: "1", ...files(world) });
    recipe.upstream.tag("1.0.0+1");
  };
const link = (content: string): FileContent => ({ content, mode: "120000" });
const atAddress =
  (address: (world: World) => string): Hostile["make"] =>
  (recipe, world) =>
    recipe.change({ settings: { upstream: address(world) } });

const NAMES: Record<string, Hostile> = {
  option: {
    name: "a tag `--upload-pack=touch…`",
    make: tagged((world) => `--upload-pack=${touches(world)}`),
    label: NEVER,
  },
  minus: { name: "a tag `-1.0.0+1`", make: tagged(() => "-1.0.0+1"), label: NEVER },
  dollar: {
    name: "a release `1.0.0+$(touch…)`",
    make: tagged((world) => `1.0.0+$(${touches(world)})`),
    label: /^PASS \(promoted 1\.0\.0\+\$\(touch/,
  },
  quotes: {
    name: "a release with backticks, quotes, `;` and `&` in its name",
    make: tagged((world) => `1.0.0+\`${touches(world)}\`';${touches(world)};"&${touches(world)}&`),
    label: GREEN,
  },
  html: {
    name: "a release `1.0.0+<script>…` with Markdown",
    make: tagged(() => "1.0.0+<script>alert(1)</script>|](javascript&x)%0A%1B"),
    label: GREEN,
  },
  turned: {
    name: "a release with a right-to-left override",
    make: tagged(() => "1.0.0+1\u202egnp.exe"),
    label: GREEN,
  },
  nested: { name: "a release `1.0.0+a/b/c`", make: tagged(() => "1.0.0+a/b/c"), label: GREEN },
  digits: { name: "a tag of fullwidth digits", make: tagged(() => "１.０.０+1"), label: NEVER },
  proto: { name: "a tag `__proto__`", make: tagged(() => "__proto__"), label: NEVER },
  longest: {
    name: "a release of 4 KB",
    make: ({ upstream }) => {
      const commit = upstream.commit({ version: "1" });
      packRefs(upstream.folder, [[`refs/tags/1.0.0+${"x".repeat(4090)}`, commit]]);
    },
    label: NO_SYNC,
  },
  thousands: {
    name: "5,000 tags that are no releases, and one that is",
    make: ({ upstream }) => {
      const commit = upstream.commit({ version: "1" });
      const tags = Array.from({ length: 5000 }, (_, index): [string, string] => [
        `refs/tags/t${index}`,
        commit,
      ]);
      packRefs(upstream.folder, [...tags, ["refs/tags/1.0.0+1", commit]]);
    },
    label: GREEN,
  },
};

const shellSyntax = (world: World) => {
  const touch = `touch ${world.root}/witness/${PWNED}`;
  return `$(${touch}) \`${touch}\`; ${touch} & "'\\ \u001b[2J\n${touch}\n\ttwo`;
};

const SETTINGS: Record<string, Hostile> = {
  shell: {
    name: "an `env:` with shell syntax, quotes, line breaks and terminal codes",
    make: (recipe, world) => {
      const deploy = `printf %s "$HOSTILE" >"$UP/shell.env"; ${CHEAP.commands.deploy}`;
      recipe.change({ settings: { env: { HOSTILE: shellSyntax(world) } }, commands: { deploy } });
      recipe.publish("1.0.0+1");
    },
    label: GREEN,
  },
};

const OBJECTS: Record<string, Hostile> = {
  chain: {
    name: "a release that is a tag of a tag of a tag",
    make: ({ upstream }) => {
      let object = upstream.commit({ version: "1" });
      for (const name of ["a", "b", "c"]) object = tagObject(upstream.folder, object, name);
      upstream.git("update-ref", "refs/tags/1.0.0+1", object);
    },
    label: GREEN,
  },
  blob: {
    name: "a release that is a tag of a file",
    make: ({ upstream }) => {
      upstream.commit({ version: "1" });
      upstream.git("update-ref", "refs/tags/1.0.0+1", upstream.git("rev-parse", "main:version"));
    },
    label: /^BLOCKED \((checkout|machinery|sync-failed)/,
  },
  tree: {
    name: "a release that is a tag of a folder",
    make: ({ upstream }) => {
      upstream.commit({ version: "1" });
      upstream.git("update-ref", "refs/tags/1.0.0+1", upstream.git("rev-parse", "main^{tree}"));
    },
    label: /^BLOCKED \((checkout|machinery|sync-failed)/,
  },
  missing: {
    name: "a release that names an object that upstream does not have",
    make: ({ upstream }) => {
      upstream.commit({ version: "1" });
      packRefs(upstream.folder, [["refs/tags/1.0.0+1", "1".repeat(40)]]);
    },
    label: /^(SKIP never-released$|BLOCKED \(sync-failed)/,
  },
  branch: {
    name: "a default branch `--force`",
    make: ({ upstream }) => {
      upstream.git("update-ref", "refs/heads/--force", upstream.commit({ version: "1" }));
      upstream.git("symbolic-ref", "HEAD", "refs/heads/--force");
      upstream.tag("1.0.0+1");
    },
    label: GREEN,
  },
  headless: {
    name: "a HEAD that names nothing",
    make: ({ upstream }) => {
      upstream.commit({ version: "1" });
      upstream.tag("1.0.0+1");
      upstream.git("symbolic-ref", "HEAD", "refs/heads/nothing");
    },
    label: GREEN,
  },
};

const ADDRESSES: Record<string, Hostile> = {
  ext: {
    name: "an upstream `ext::sh -c touch…`",
    make: atAddress((world) => `ext::sh -c touch% ${world.root}/witness/${PWNED}`),
    label: NO_SYNC,
  },
  proxy: {
    name: "an upstream `ssh://-oProxyCommand=touch…`",
    make: atAddress((world) => `ssh://-oProxyCommand=touch ${world.root}/witness/${PWNED}/x`),
    label: NO_SYNC,
  },
  scp: {
    name: "an upstream `-oProxyCommand=…:x` behind a user",
    make: atAddress((world) => `user@-oProxyCommand=touch ${world.root}/witness/${PWNED}:x`),
    label: NO_SYNC,
  },
  file: { name: "an upstream `file:///etc`", make: atAddress(() => "file:///etc"), label: NO_SYNC },
};

/** What a server may claim that git itself would never let anybody write. */
const CLAIMS: Record<string, [string, string[], RegExp]> = {
  climbing: ["a tag `1.0.0+../../x` that a server claims to have", ["refs/tags/1.0.0+../../x"], /BLOCKED/],
  escapes: ["a tag with terminal codes", ["refs/tags/1.0.0+1\u001b]0;owned\u0007\u001b[2J"], /BLOCKED/],
  newline: ["a tag with a line break", ["refs/tags/1.0.0+1\nx\ty"], /BLOCKED/],
  nul: ["a tag with a NUL", ["refs/tags/1.0.0+1\u0000--upload-pack=x"], /BLOCKED/],
  symref: [
    "a HEAD that leads out of refs/heads",
    ["HEAD\u0000symref=HEAD:refs/heads/../../x"],
    /BLOCKED|SKIP/,
  ],
};

const CHECKOUTS: Record<string, Hostile> = {
  "link-compose": {
    name: "compose.yml as a link to a file of the host",
    make: committed((world) => ({ "compose.yml": link(`${world.root}/witness/compose.yml`) })),
    label: REFUSED,
    detail: /"compose\.yml"/,
  },
  "link-env": {
    name: ".env.sample as a link to a secret of the host",
    make: committed((world) => ({ ".env.sample": link(`${world.root}/witness/secret`) })),
    label: REFUSED,
  },
  "link-record": {
    name: "`version` as a link to the record of another recipe's canonical",
    make: committed((world) => ({ version: link(`${world.state}/canonical/bystander/canonical.json`) })),
    label: REFUSED,
  },
  "link-folder": {
    name: "a folder as a link into the state folder",
    make: committed(() => ({ out: link("../../../../../../data/bystander"), "in/file": "1" })),
    label: REFUSED,
  },
  submodule: {
    name: "a submodule `ext::sh -c touch…`",
    make: withSubmodule("none"),
    label: GREEN,
  },
  "submodule-command": {
    name: "a submodule whose `update` is a command",
    make: withSubmodule("!touch"),
    label: REFUSED,
  },
  filters: {
    name: "filters, hooks and a .gitconfig of upstream's",
    make: committed((world) => {
      const touch = `touch ${world.root}/witness/${PWNED}`;
      const settings = `[core]\n\thooksPath = hooks\n\tfsmonitor = ${touch}\n[filter "evil"]\n\tsmudge = ${touch}\n\trequired\n`;
      return {
        ".gitattributes": "* filter=evil diff=evil merge=evil\n*.lfs filter=lfs\n",
        ".gitconfig": settings,
        config: settings,
        ".lfsconfig": "[lfs]\n\turl = http://127.0.0.1:1/\n",
        "hooks/post-checkout": { content: `#!/bin/sh\n${touch}\n`, mode: "100755" },
        "big.lfs": `version https://git-lfs.github.com/spec/v1\noid sha256:${"0".repeat(64)}\nsize 5\n`,
      };
    }),
    label: GREEN,
  },
  names: {
    name: "files with line breaks, options, terminal codes, look-alikes and case-colliding names",
    make: committed((world) => ({
      "-rf": "x",
      "--upload-pack=x": "x",
      "a\nb": "x",
      "\u001b[31mred": "x",
      [`$(${touches(world)})`.replaceAll("/", "%")]: "x",
      VERSION: "x",
      "．git/config": "x",
      ".git\u200c/config": "x",
      ["n".repeat(250)]: "x",
      loop: link("loop"),
    })),
    label: GREEN,
  },
  "name-too-long": {
    name: "a file whose name has 300 bytes",
    make: committed(() => ({ ["n".repeat(300)]: "x" })),
    label: REFUSED,
  },
  deep: {
    name: "a path of 6 KB",
    make: committed(() => ({ [`${Array.from({ length: 30 }, () => "d".repeat(200)).join("/")}/f`]: "x" })),
    label: REFUSED,
  },
  "dot-git": {
    name: "a tree with `.git/hooks` in it",
    make: ({ upstream }) => tagTree(upstream.folder, hooksTree(upstream.folder)),
    label: REFUSED,
  },
  bomb: {
    name: "a few kilobytes that stand for ten billion files",
    make: ({ upstream }) => {
      let tree: string | null = null;
      for (let level = 0; level < 10; level++) tree = bombLevel(upstream.folder, tree);
      tagTree(upstream.folder, tree ?? "");
    },
    label: REFUSED,
    detail: /files/,
  },
};

it("a sweep over hostile upstreams: each gets its own honest row, and nothing else is touched", async (context) => {
  const world = createWorld();
  useCheapRecipes(world);
  const bystander = world.recipe("bystander", { ...CHEAP, releases: ["1.0.0+1"] });
  const first = await world.json("sweep");
  expect(labelsOf(first.document)).toEqual({ bystander: "PASS (promoted 1.0.0+1; data not proven)" });
  const hostile: Record<string, Hostile> = {
    ...NAMES,
    ...SETTINGS,
    ...OBJECTS,
    ...ADDRESSES,
    ...(await claims()),
    ...CHECKOUTS,
  };
  const witness = plantWitness(world.root);
  for (const [key, { make }] of Object.entries(hostile)) make(world.recipe(key, CHEAP), world);
  const damage = guard({
    proven: [join(world.state, "canonical/bystander"), join(world.state, "data/bystander")],
    foreign: [witness, world.upstreams, join(world.configuration, "recipes")],
  });
  const began = performance.now();
  const { exit, document, stderr, stdout } = await world.json("sweep");
  expect(exit, stderr).toBe(3);
  expect(performance.now() - began).toBeLessThan(300_000);
  const labels = labelsOf(document);
  const wrong = Object.entries(hostile).filter(([key, { label }]) => !label.test(labels[key] ?? ""));
  expect(
    wrong.map(
      ([key]) => `${key}: ${labels[key]}: ${document.recipes.find((row) => row.recipe === key)?.detail}`,
    ),
  ).toEqual([]);
  expect(readFileSync(join(world.root, "up/shell.env"), "utf8")).toBe(shellSyntax(world));
  expect(labels.bystander).toBe("SKIP no-new-version");
  expect(bystander.record()?.version).toBe("1.0.0+1");
  expect(existsSync(join(witness, PWNED))).toBe(false);
  expect(readdirSync("/").filter((name) => name.includes(PWNED))).toEqual([]);
  expect(`${stderr}${stdout}`).not.toMatch(/canary-of-the-host|[^\P{C}\n]/u);
  const { lost, touched } = damage();
  for (const [key, { name, detail }] of Object.entries(hostile)) {
    const row = document.recipes.find((each) => each.recipe === key);
    if (detail !== undefined) expect(row?.detail).toMatch(detail);
    report(context, { kind: "hostile input", name, outcome: shown(row?.label ?? ""), lost, touched });
  }
}, 400_000);

function withSubmodule(update: string): Hostile["make"] {
  return ({ upstream }, world) => {
    const url = `ext::sh -c touch% ${world.root}/witness/${PWNED}`;
    const modules = `[submodule "x"]\n\tpath = x\n\turl = ${url}\n\tupdate = ${update}\n`;
    upstream.commit({ version: "1", ".gitmodules": modules });
    fastImport(upstream.folder, `M 160000 ${"1".repeat(40)} x\n`);
    upstream.tag("1.0.0+1");
  };
}

function shown(label: string): string {
  const text = label.replaceAll(/[^\x20-\x7e…]/g, "?");
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function git(folder: string, args: readonly string[], input: string | Buffer = ""): string {
  return execFileSync("git", args, {
    cwd: folder,
    env: { ...TEST_GIT_ENVIRONMENT, ...AUTHOR },
    input,
    encoding: "utf8",
  }).trim();
}

const AUTHOR = Object.fromEntries(
  ["AUTHOR", "COMMITTER"].flatMap((role) => [
    [`GIT_${role}_NAME`, "Upstream"],
    [`GIT_${role}_EMAIL`, "upstream@example.org"],
  ]),
);

// As they would stand after `git pack-refs`, with names and objects that no git command would write there.
function packRefs(folder: string, refs: readonly [string, string][]): void {
  const lines = refs
    .map(([name, object]) => `${object} ${name}\n`)
    .sort((a, b) => (a.slice(41) < b.slice(41) ? -1 : 1));
  writeFileSync(join(folder, "packed-refs"), `# pack-refs with: sorted \n${lines.join("")}`);
}

function tagObject(folder: string, object: string, name: string): string {
  const type = git(folder, ["cat-file", "-t", object]);
  return git(
    folder,
    ["mktag"],
    `object ${object}\ntype ${type}\ntag ${name}\ntagger U <u@example.org> 1750000000 +0000\n\nx\n`,
  );
}

function fastImport(folder: string, change: string): void {
  const commit = `commit refs/heads/main\ncommitter U <u@example.org> 1750000000 +0000\ndata 1\nx\nfrom refs/heads/main^0\n`;
  git(folder, ["fast-import", "--quiet", "--force"], `${commit}${change}`);
}

function treeOf(folder: string, entries: readonly { mode: string; name: string; object: string }[]): string {
  const parts = entries.flatMap(({ mode, name, object }) => [
    Buffer.from(`${mode} ${name}\0`),
    Buffer.from(object, "hex"),
  ]);
  return git(folder, ["hash-object", "-w", "-t", "tree", "--literally", "--stdin"], Buffer.concat(parts));
}

function blobOf(folder: string): string {
  return git(folder, ["hash-object", "-w", "--stdin"], "1");
}

function hooksTree(folder: string): string {
  const hooks = treeOf(folder, [{ mode: "100755", name: "post-checkout", object: blobOf(folder) }]);
  const dotGit = treeOf(folder, [{ mode: "40000", name: "hooks", object: hooks }]);
  return treeOf(folder, [{ mode: "40000", name: ".git", object: dotGit }]);
}

function bombLevel(folder: string, below: string | null): string {
  const object = below ?? blobOf(folder);
  const mode = below === null ? "100644" : "40000";
  return treeOf(
    folder,
    Array.from({ length: 10 }, (_, index) => ({ mode, name: `e${index}`, object })),
  );
}

function tagTree(folder: string, tree: string): void {
  const commit = git(folder, ["commit-tree", "-m", "x", tree]);
  git(folder, ["update-ref", "refs/heads/main", commit]);
  git(folder, ["update-ref", "refs/tags/1.0.0+1", commit]);
}

/** A server that speaks git's protocol, and claims what its path says. */
async function claims(): Promise<Record<string, Hostile>> {
  const server: Server = createServer((request, response) => {
    const [, key = ""] = (request.url ?? "").split("/");
    const [, refs = []] = CLAIMS[key] ?? [];
    const named = ["HEAD\0multi_ack symref=HEAD:refs/heads/main", "refs/heads/main", ...refs];
    const lines = (refs[0]?.startsWith("HEAD") ? refs : named).map((ref) =>
      packet(`${"1".repeat(40)} ${ref}\n`),
    );
    response.writeHead(200, { "content-type": "application/x-git-upload-pack-advertisement" });
    response.end(`${packet("# service=git-upload-pack\n")}0000${lines.join("")}0000`);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return Object.fromEntries(
    Object.entries(CLAIMS).map(([key, [name, , label]]) => [
      key,
      { name, label, make: atAddress(() => `http://127.0.0.1:${port}/${key}`) },
    ]),
  );
}

function packet(text: string): string {
  return `${(Buffer.byteLength(text) + 4).toString(16).padStart(4, "0")}${text}`;
}
