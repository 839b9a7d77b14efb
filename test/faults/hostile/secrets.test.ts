import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { startGitServer } from "../../support/git-server.ts";
import { script } from "../../support/sample-app.ts";
import { createWorld, labelsOf, rowOf, type World } from "../../support/world.ts";
import { report } from "../fault.ts";
import { CHEAP, useCheapRecipes } from "./cheap-recipe.ts";
import { guard, plantWitness } from "./guard.ts";

/** Where a secret comes from, by what is searched for; each stands nowhere else. */
const CANARIES: Readonly<Record<string, string>> = {
  "a password in the address of an upstream": "canary-upstream-5f3a9c",
  "a wrong password, which git complains of": "canary-refused-81bd02",
  "a token in place of a user": "canary-user-90ce4d",
  "a password in the recipe's `env:`": "canary-env+p/w=0&d 1e",
  "a key of many lines in `env:`": "canary-line-one-44\ncanary-line-two-45",
  "a token in `environment:`": "canary-environment-6b",
  "what a provider's `setup` prints": "canary-provider-3d5e",
  "what follows `token=` in a log": "canary-log-token-2e",
  "what follows `password:` in JSON in a log": "canary-json-word-9f",
  "a bearer token in a log": "canary-bearer-c0de71",
  "the token of the forge": "canary-forge-1d7b8f",
};
const value = (from: keyof typeof CANARIES) => CANARIES[from] ?? "";

/** Says every secret in every way that is promised to be found, on both outputs and in a JUnit file, and is red. */
const SAYS_ALL = script(
  '. "$UP/$SWEEP_DOMAIN.env"',
  'echo "connecting with $DB_PASSWORD"; echo "and $SIGNING_KEY" >&2; echo "$DEPLOY_TOKEN $CLIENT_SECRET"',
  'printf \'{"db":%s}\\n\' "$JSON_PASSWORD"',
  'cat "$UP/words"',
  'echo "error: cannot log in with $DB_PASSWORD and $CLIENT_SECRET" >&2',
);

/** What a test finds in its app and says; it stands in no test, since tests are evidence as they are. */
const WORDS = [
  `url-encoded: ${encodeURIComponent(value("a password in the recipe's `env:`"))}`,
  `GET /?token=${value("what follows `token=` in a log")}`,
  `{"password": "${value("what follows `password:` in JSON in a log")}"}`,
  `Authorization: Bearer ${value("a bearer token in a log")}`,
  "",
].join("\n");

it("secrets, wherever they come from, stand in no file, no output, no archive and no list of processes", async (context) => {
  const world = createWorld();
  const server = await startGitServer(world.upstreams);
  onTestFinished(() => server.close());
  const at = (userinfo: string, name: string) => `${server.url.replace("//", `//${userinfo}@`)}/${name}`;
  useCheapRecipes(world, { DEPLOY_TOKEN: value("a token in `environment:`") });
  const bystander = world.recipe("bystander", { ...CHEAP, releases: ["1.0.0+1"] });
  world.recipe("idp", { ...CHEAP, releases: ["1.0.0+1"] });
  const first = await world.json("sweep");
  expect(labelsOf(first.document)).toMatchObject({
    bystander: expect.stringMatching(/^PASS/),
    idp: expect.stringMatching(/^PASS/),
  });
  const witness = plantWitness(world.root);
  const damage = guard({
    proven: [join(world.state, "canonical/bystander"), join(world.state, "data/bystander")],
    foreign: [witness],
  });
  const env = {
    DB_PASSWORD: value("a password in the recipe's `env:`"),
    JSON_PASSWORD: JSON.stringify(value("a password in the recipe's `env:`")),
    SIGNING_KEY: value("a key of many lines in `env:`"),
  };
  const says = (name: string, more: object) =>
    world.recipe(name, {
      ...CHEAP,
      settings: {
        ...CHEAP.settings,
        env,
        requires: [{ recipe: "idp", mode: "ephemeral", setup: "setup" }],
        ...more,
      },
      commands: {
        ...CHEAP.commands,
        deploy: `declare -p DB_PASSWORD JSON_PASSWORD SIGNING_KEY CLIENT_SECRET >"$UP/$SWEEP_DOMAIN.env"; echo "deploying with $DB_PASSWORD $SIGNING_KEY"; ${CHEAP.commands.deploy}`,
        logs: 'echo "app says $DB_PASSWORD $SIGNING_KEY $CLIENT_SECRET"',
      },
      files: {
        ...CHEAP.files,
        setup: script(`echo "CLIENT_SECRET=${value("what a provider's `setup` prints")}"`),
        "tests/install/says-all": SAYS_ALL,
      },
    });
  const red = says("red", {
    upstream: at(`git:${value("a password in the address of an upstream")}`, "red"),
  });
  red.change({ files: { "tests/custom/red": `${SAYS_ALL}exit 1\n` } });
  red.publish("1.0.0+1");
  server.trouble("red", {
    kind: "password",
    user: "git",
    password: value("a password in the address of an upstream"),
  });
  const green = says("green", { upstream: at(value("a token in place of a user"), "green") });
  green.publish("1.0.0+1");
  const refused = at(`git:${value("a wrong password, which git complains of")}`, "refused");
  says("refused", { upstream: refused }).publish("1.0.0+1");
  server.trouble("refused", { kind: "password", user: "git", password: "another" });
  const tokenFile = join(world.root, "forge-token");
  writeFileSync(tokenFile, value("the token of the forge"), { mode: 0o600 });
  const forge = { kind: "gitea", url: server.url, tokenFile };
  const mirrored = says("mirrored", { mirror: { url: server.urlOf("no/mirror"), forge } });
  mirrored.publish("1.0.0+1");

  writeFileSync(join(world.root, "up/words"), WORDS);
  const watch = watchProcesses();
  const said: string[] = [];
  const sweep = await world.json("--verbose", "sweep");
  said.push(sweep.stdout, sweep.stderr);
  const labels = labelsOf(sweep.document);
  expect(labels).toMatchObject({
    red: "FAIL (red at custom; canonical unchanged: none)",
    green: "PASS (promoted 1.0.0+1; data not proven)",
    refused: expect.stringMatching(/^BLOCKED \(sync-failed/),
    mirrored: expect.stringMatching(/^BLOCKED \(sync-failed/),
    bystander: "SKIP no-new-version",
  });
  expect(rowOf(sweep.document, "red").detail).toContain("***");
  expect(world.read("runs", sweep.document.run, "red/install.log")).toContain("connecting with ***");
  const bundle = join(world.root, "bundle.tar.gz");
  const { run } = sweep.document;
  for (const words of [
    ["plan"],
    ["explain", "refused"],
    ["status"],
    ["history"],
    ["show", run, "red"],
    ["show", run, "--bundle", bundle],
  ]) {
    for (const more of [[], ["--json"]]) {
      const { exit, stdout, stderr } = await world.call(...more, ...words);
      expect(exit, stderr).not.toBe(1);
      said.push(stdout, stderr);
    }
  }
  const processes = watch.stop();
  expect(processes.join("\n")).toContain("ls-remote");
  const unpacked = join(world.root, "unpacked");
  mkdirSync(unpacked);
  execFileSync("tar", ["--extract", "--gzip", `--file=${bundle}`, `--directory=${unpacked}`]);
  const kept = filesBelow(join(world.state, "canonical")).filter((path) => path.includes("/kept/"));
  expect(kept.length).toBeGreaterThan(0);
  for (const path of kept) expect(statSync(path).mode & 0o777, path).toBe(0o600);
  expect(read(kept)).toContain(value("what a provider's `setup` prints"));
  const written = [...filesBelow(world.state), ...filesBelow(unpacked)].filter(
    (path) => !isOperators(world, path),
  );
  expect(written.length).toBeGreaterThan(50);
  expect(bystander.record()?.version).toBe("1.0.0+1");
  const places = [
    ...written.map((path) => [path, readFileSync(path, "latin1")] as const),
    ["the outputs", said.join("\n")] as const,
    ["the list of processes", processes.join("\n")] as const,
  ];
  const { lost, touched } = damage();
  for (const [name, secret] of Object.entries(CANARIES)) {
    const found = places.filter(([, text]) => formsOf(secret).some((form) => text.includes(form)));
    expect(
      found.map(([where]) => where),
      name,
    ).toEqual([]);
    const outcome = `in none of ${written.length} files, in no output, archive or list of processes`;
    report(context, { kind: "hostile input", name: `a secret: ${name}`, outcome, lost, touched });
  }
  for (const path of filesBelow(join(world.state, "runs")).filter((file) => file.endsWith(".log")))
    expect(statSync(path).mode & 0o077, path).toBe(0);
}, 300_000);

/** What the operator wrote, as it is: the copy of the configuration; and what is kept for nobody else's eyes. */
function isOperators(world: World, path: string): boolean {
  return path.startsWith(join(world.state, "runs")) && path.includes("/configuration/")
    ? true
    : path.includes("/kept/");
}

/** As it is, each of its lines, in an address, in JSON, and as git's own header has it. */
function formsOf(secret: string): string[] {
  const header = [`git:${secret}`, `${secret}:`].map((text) => Buffer.from(text).toString("base64"));
  return [...secret.split("\n"), encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1), ...header];
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

function read(paths: readonly string[]): string {
  return paths.map((path) => readFileSync(path, "utf8")).join("\n");
}

/** Every command line that any process of this machine has meanwhile. */
function watchProcesses(): { stop(): string[] } {
  const seen = new Set<string>();
  const look = () => {
    for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
      try {
        seen.add(readFileSync(`/proc/${pid}/cmdline`, "latin1").replaceAll("\0", " "));
      } catch {
        // It has ended.
      }
    }
  };
  const timer = setInterval(look, 5);
  return {
    stop: () => {
      clearInterval(timer);
      return [...seen];
    },
  };
}
