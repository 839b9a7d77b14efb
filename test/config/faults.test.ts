import { describe, expect, it } from "vitest";
import { loadConfig } from "../../src/config/load.ts";
import { configurationFolder, faultLines, SOUND_SWEEP } from "../support/configuration.ts";

const DOMAIN = "domain: ci.example.org\n";
const ENROLLED = "canonical: true\n";

function inSweep(text: string): string[] {
  return faultLines({ "sweep.yaml": text });
}

function inRecipe(text: string, more: Readonly<Record<string, string>> = {}): string[] {
  return faultLines({ "sweep.yaml": SOUND_SWEEP, "recipes/a/recipe.yaml": text, ...more });
}

describe("a fault in sweep.yaml names its line, its key, what was found and what is allowed", () => {
  it.each<[name: string, text: string, line: string]>([
    [
      "a missing domain",
      "upstream: x/{recipe}\n",
      "sweep.yaml:1:1  domain: found nothing; allowed: a domain name in lower case, such as ci.example.org",
    ],
    [
      "an empty file",
      "",
      "sweep.yaml:1:1  domain: found nothing; allowed: a domain name in lower case, such as ci.example.org",
    ],
    [
      "a duration in words",
      `${SOUND_SWEEP}timeouts:\n  tier: 15m\n  deploy: "ten minutes"\n`,
      'sweep.yaml:5:3  timeouts.deploy: found "ten minutes"; allowed: a duration such as 90s, 10m, 1h30m',
    ],
    [
      "a duration that is longer than a timer can wait",
      `${SOUND_SWEEP}timeouts: { sweep: 25d }\n`,
      'sweep.yaml:3:13  timeouts.sweep: found "25d"; allowed: a duration such as 90s, 10m, 1h30m, more than 0s and at most 24d',
    ],
    [
      "a duration of nothing",
      `${SOUND_SWEEP}timeouts: { sweep: 0s }\n`,
      'sweep.yaml:3:13  timeouts.sweep: found "0s"; allowed: a duration such as 90s, 10m, 1h30m, more than 0s and at most 24d',
    ],
    [
      "a size that is larger than a number can say",
      `${SOUND_SWEEP}disk: { minFree: 9000TiB }\n`,
      'sweep.yaml:3:9  disk.minFree: found "9000TiB"; allowed: a size such as 500MiB, 5GiB, less than 8192TiB',
    ],
    [
      "a duration without a unit",
      `${SOUND_SWEEP}timeouts: { git: 60 }\n`,
      "sweep.yaml:3:13  timeouts.git: found 60; allowed: a duration such as 90s, 10m, 1h30m",
    ],
    [
      "a size without a unit",
      `${SOUND_SWEEP}disk:\n  minFree: 5\n`,
      "sweep.yaml:4:3  disk.minFree: found 5; allowed: a size such as 500MiB, 5GiB",
    ],
    [
      "a driver that does not exist",
      `${SOUND_SWEEP}driver: kubernetes\n`,
      'sweep.yaml:3:1  driver: found "kubernetes"; allowed: one of abra, swarm, command',
    ],
    [
      "an unknown key, with the one that was meant",
      `${SOUND_SWEEP}timezoen: UTC\n`,
      "sweep.yaml:3:1  timezoen: found the unknown key timezoen (did you mean timezone?); allowed: allowRemote, allowedHosts, breaker, crashLoop, disk, domain, driver, edge, environment, floor, heartbeat, investigate, keep, lanes, listen, mirror, notify, path, schedule, snapshot, state, timeouts, timezone, tools, upstream",
    ],
    [
      "an unknown key below another",
      `${SOUND_SWEEP}lanes:\n  - name: main\n    hosts: 3\n`,
      "sweep.yaml:5:5  lanes.0.hosts: found the unknown key hosts; allowed: context, edge, name, server",
    ],
    [
      "cron with a field too few",
      `${SOUND_SWEEP}schedule: "0 3 * *"\n`,
      'sweep.yaml:3:1  schedule: found "0 3 * *"; allowed: cron in five fields, such as "0 3 * * 0"',
    ],
    [
      "cron with an hour that does not exist",
      `${SOUND_SWEEP}schedule: "0 25 * * 0"\n`,
      'sweep.yaml:3:1  schedule: found "0 25 * * 0"; allowed: cron in five fields, such as "0 3 * * 0"',
    ],
    [
      "a time zone that does not exist",
      `${SOUND_SWEEP}timezone: Mars/Olympus\n`,
      'sweep.yaml:3:1  timezone: found "Mars/Olympus"; allowed: a time zone such as UTC or Europe/Berlin',
    ],
    [
      "a status page without a port",
      `${SOUND_SWEEP}listen: localhost\n`,
      'sweep.yaml:3:1  listen: found "localhost"; allowed: an address and a port, such as 127.0.0.1:8390',
    ],
    [
      "a port that cannot be",
      `${SOUND_SWEEP}edge: { port: 99999 }\n`,
      "sweep.yaml:3:9  edge.port: found 99999; allowed: a port from 1 to 65535",
    ],
    [
      "two lanes of one name",
      `${SOUND_SWEEP}lanes:\n  - { name: main }\n  - { name: main }\n`,
      'sweep.yaml:5:7  lanes.1.name: found "main"; allowed: a name that no other lane has',
    ],
    [
      "no lane at all",
      `${SOUND_SWEEP}lanes: []\n`,
      "sweep.yaml:3:1  lanes: found an empty list; allowed: at least one lane",
    ],
    [
      "a folder of tools that is not absolute",
      `${SOUND_SWEEP}path: [bin]\n`,
      'sweep.yaml:3:8  path.0: found "bin"; allowed: an absolute folder',
    ],
    [
      "a tool's version that YAML reads as a number",
      `${SOUND_SWEEP}tools: [{ name: python3, atLeast: 3.10 }]\n`,
      'sweep.yaml:3:26  tools.0.atLeast: found 3.1; allowed: a version in quotes, such as "3.11"',
    ],
    [
      "a floor below zero",
      `${SOUND_SWEEP}floor: { enrolled: -1 }\n`,
      "sweep.yaml:3:10  floor.enrolled: found -1; allowed: at least 0",
    ],
    [
      "an upstream for all recipes without {recipe}",
      `${DOMAIN}upstream: https://git.example.org/one.git\n`,
      'sweep.yaml:2:1  upstream: found "https://git.example.org/one.git"; allowed: an address with {recipe} in it, because all recipes share it',
    ],
    [
      "a mirror for all recipes without {recipe}",
      `${SOUND_SWEEP}mirror:\n  url: https://git.example.org/one.git\n`,
      'sweep.yaml:4:3  mirror.url: found "https://git.example.org/one.git"; allowed: an address with {recipe} in it, because all recipes share it',
    ],
    [
      "an upstream that git would take for an option",
      `${DOMAIN}upstream: --upload-pack=x{recipe}\n`,
      "sweep.yaml:2:1  upstream: found \"--upload-pack=x{recipe}\"; allowed: a git address; it must not begin with '-'",
    ],
    [
      "a variable that the program sets itself",
      `${SOUND_SWEEP}environment:\n  PATH: /opt/bin\n`,
      "sweep.yaml:4:3  environment.PATH: found PATH; allowed: other names: PATH, HOME and SWEEP_… are set by the program",
    ],
    [
      "a variable's name with a dash",
      `${SOUND_SWEEP}environment: { MY-VAR: x }\n`,
      'sweep.yaml:3:16  environment.MY-VAR: found the key "MY-VAR"; allowed: the name of a variable: letters, digits and _',
    ],
    [
      "a key that stands there twice",
      `${SOUND_SWEEP}timezone: UTC\ndomain: other.example.org\n`,
      "sweep.yaml:4:1  domain: found the same key again; allowed: each key once",
    ],
    [
      "an empty key",
      `${SOUND_SWEEP}mirror:\n`,
      "sweep.yaml:3:1  mirror: found nothing; allowed: a map of keys",
    ],
  ])("%s", (_name, text, line) => {
    expect(inSweep(text)).toEqual([line]);
  });

  it("never shows the value of a webhook, of a heartbeat or of a variable", () => {
    const lines = inSweep(
      `${SOUND_SWEEP}heartbeat: hunter2\nnotify: [{ webhook: hunter2 }]\nenvironment: { A: [hunter2] }\n`,
    );
    expect(lines).toHaveLength(3);
    expect(lines.join("\n")).not.toContain("hunter2");
  });

  it("a fault of syntax has its line", () => {
    const lines = inSweep(`${DOMAIN}upstream: "x/{recipe}\n`);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^sweep\.yaml:\d+:\d+ {2}found .*quote.*; allowed: YAML 1\.2$/);
  });

  it("a template in braces without quotes is answered with the advice to quote it", () => {
    expect(inSweep(`${SOUND_SWEEP}mirror: { url: x/{recipe}.git }\n`)).toEqual([
      expect.stringMatching(
        /^sweep\.yaml:3:18 {2}found .*; allowed: YAML 1\.2; put a text with \{recipe\} in quotes$/,
      ),
    ]);
  });

  it("a bomb of anchors is refused at once", () => {
    const levels = Array.from({ length: 12 }, (_, level) => {
      const below = level === 0 ? "x" : `*a${level - 1}`;
      return `l${level}: &a${level} [${Array.from({ length: 9 }, () => below).join(",")}]`;
    });
    const lines = inSweep(`${levels.join("\n")}\n`);
    expect(lines).toEqual([
      expect.stringMatching(/^sweep\.yaml:1:1 {2}found .*alias.*; allowed: at most 50/),
    ]);
  });
});

describe("a fault in a recipe.yaml names its line, its key, what was found and what is allowed", () => {
  it.each<[name: string, text: string, line: string]>([
    [
      "a missing canonical",
      "warm: idle\n",
      "recipes/a/recipe.yaml:1:1  canonical: found nothing; allowed: true or false",
    ],
    [
      "canonical: yes",
      "canonical: yes\n",
      'recipes/a/recipe.yaml:1:1  canonical: found "yes"; allowed: true or false',
    ],
    [
      "no reason where canonical is false",
      "canonical: false\n",
      "recipes/a/recipe.yaml:1:1  reason: found nothing; allowed: a reason, because `canonical` is false",
    ],
    [
      "no commands for the command driver",
      `${ENROLLED}driver: command\n`,
      "recipes/a/recipe.yaml:1:1  commands: found nothing; allowed: at least `deploy` and `undeploy`, because the driver is command",
    ],
    [
      "a command driver that cannot undeploy",
      `${ENROLLED}driver: command\ncommands:\n  deploy: ./up\n`,
      "recipes/a/recipe.yaml:3:1  commands.undeploy: found nothing; allowed: a command line",
    ],
    [
      "a health probe with a misspelt key",
      `${ENROLLED}health:\n  pth: /\n`,
      "recipes/a/recipe.yaml:3:3  health.pth: found the unknown key pth (did you mean path?); allowed: command, path, service, status, tcp",
    ],
    [
      "two kinds of health probe",
      `${ENROLLED}health: { tcp: 80, path: / }\n`,
      "recipes/a/recipe.yaml:2:1  health: found a map; allowed: one of: path with status and service; tcp; command",
    ],
    [
      "a health probe of a port that cannot be",
      `${ENROLLED}health: { tcp: http }\n`,
      'recipes/a/recipe.yaml:2:11  health.tcp: found "http"; allowed: a port from 1 to 65535',
    ],
    [
      "a health command that does not exist",
      `${ENROLLED}health: { command: tests/health }\n`,
      'recipes/a/recipe.yaml:2:11  health.command: found "tests/health"; allowed: a file that exists in the recipe\'s configuration folder',
    ],
    [
      "a health command outside of the folder",
      `${ENROLLED}health: { command: ../../x }\n`,
      'recipes/a/recipe.yaml:2:11  health.command: found "../../x"; allowed: a file in the recipe\'s configuration folder, such as setup/provider',
    ],
    [
      "a provider that is not there",
      `${ENROLLED}requires:\n  - { recipe: ghost, mode: ephemeral }\n`,
      'recipes/a/recipe.yaml:3:7  requires.0.recipe: found "ghost"; allowed: a recipe that has a recipe.yaml',
    ],
    [
      "itself as its provider",
      `${ENROLLED}requires:\n  - { recipe: a, mode: ephemeral }\n`,
      'recipes/a/recipe.yaml:3:7  requires.0.recipe: found "a"; allowed: another recipe than this one',
    ],
    [
      "a test of an unknown tier",
      `${ENROLLED}tests:\n  smoke/x: { reason: y, only: ref }\n`,
      "recipes/a/recipe.yaml:3:3  tests.smoke/x: found smoke/x; allowed: TIER/FILE with a tier of install, upgrade, backup, restore, custom",
    ],
    [
      "a test without a name",
      `${ENROLLED}tests:\n  : { reason: y }\n`,
      "recipes/a/recipe.yaml:3:3  tests.: found an empty key; allowed: TIER/FILE with a tier of install, upgrade, backup, restore, custom",
    ],
    [
      "a test that does not exist",
      `${ENROLLED}tests:\n  custom/x: { reason: y, only: ref }\n`,
      "recipes/a/recipe.yaml:3:3  tests.custom/x: found custom/x; allowed: a file in the recipe's folder tests/",
    ],
    [
      "a range that is none",
      `${ENROLLED}tests: { custom/x: { reason: y, versions: newest } }\n`,
      'recipes/a/recipe.yaml:2:33  tests.custom/x.versions: found "newest"; allowed: a range of semver, such as >=0.9.0',
    ],
    [
      "a broken release that is no release tag",
      `${ENROLLED}broken:\n  "3.0.0": gone\n`,
      "recipes/a/recipe.yaml:3:3  broken.3.0.0: found 3.0.0: no `+<app version>` after the recipe's version; allowed: a release tag, such as 3.0.0+v2.0.0",
    ],
    [
      "a permission that does not exist",
      `${ENROLLED}permissions: [root]\n`,
      'recipes/a/recipe.yaml:2:15  permissions.0: found "root"; allowed: docker-socket, "host-mount:/path", "network:NAME" or "hostname:NAME"',
    ],
  ])("%s", (_name, text, line) => {
    expect(inRecipe(text)).toEqual([line]);
  });

  it("a live provider must be always running", () => {
    const lines = inRecipe(`${ENROLLED}requires:\n  - { recipe: p, mode: live }\n`, {
      "recipes/p/recipe.yaml": ENROLLED,
    });
    expect(lines).toEqual([
      'recipes/a/recipe.yaml:3:18  requires.0.mode: found "live"; allowed: ephemeral, or warm: live in recipes/p/recipe.yaml',
    ]);
  });

  it("a provider must be enrolled", () => {
    const lines = inRecipe(`${ENROLLED}requires: [{ recipe: p, mode: ephemeral }]\n`, {
      "recipes/p/recipe.yaml": "canonical: false\nreason: too big\n",
    });
    expect(lines).toEqual([
      'recipes/a/recipe.yaml:2:14  requires.0.recipe: found "p"; allowed: an enrolled recipe; recipes/p/recipe.yaml says canonical: false',
    ]);
  });

  it("self-deadlock: providers that wait for each other, named once with the whole circle", () => {
    const requires = (name: string) => `${ENROLLED}requires: [{ recipe: ${name}, mode: ephemeral }]\n`;
    const lines = inRecipe(requires("b"), {
      "recipes/b/recipe.yaml": requires("c"),
      "recipes/c/recipe.yaml": requires("a"),
    });
    expect(lines).toEqual([
      "recipes/c/recipe.yaml:2:14  requires.0.recipe: found a circle: a → b → c → a; allowed: providers without a circle",
    ]);
  });

  it("two recipes cannot share a warm domain", () => {
    const lines = inRecipe(ENROLLED, {
      "recipes/b/recipe.yaml": `${ENROLLED}domain: warm-a.ci.example.org\n`,
    });
    expect(lines).toEqual([
      "recipes/b/recipe.yaml:2:1  domain: found warm-a.ci.example.org, which is the warm domain of a too; allowed: a domain of its own, also once its stack name is cut to 45 characters",
    ]);
  });

  it("two warm domains cannot share the stack name that is left of them", () => {
    const long = `recipe-with-a-very-long-name-of-so-many-letters`;
    const lines = faultLines({
      "sweep.yaml": SOUND_SWEEP,
      [`recipes/${long}-one/recipe.yaml`]: ENROLLED,
      [`recipes/${long}-two/recipe.yaml`]: ENROLLED,
    });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(
      `recipes/${long}-two/recipe.yaml:1:1  domain: found warm-${long}-two.ci.example.org`,
    );
    expect(lines[0]).toContain(
      `whose stack name warm-recipe-with-a-very-long-name-of-so-many- is that of ${long}-one`,
    );
  });

  it("a folder must have a recipe's name", () => {
    expect(faultLines({ "sweep.yaml": SOUND_SWEEP, "recipes/Git_Tea/recipe.yaml": ENROLLED })).toEqual([
      "recipes/Git_Tea/recipe.yaml:1:1  found the folder Git_Tea; allowed: lower-case letters, digits and '-', at most 58, not beginning with '-'",
    ]);
  });

  it("a file recipe.yml is a fault: the name is recipe.yaml", () => {
    expect(faultLines({ "sweep.yaml": SOUND_SWEEP, "recipes/a/recipe.yml": ENROLLED })).toEqual([
      "recipes/a/recipe.yml:1:1  found recipe.yml; allowed: recipe.yaml",
    ]);
  });

  it("an upstream that is missing everywhere is one fault of sweep.yaml", () => {
    expect(
      faultLines({
        "sweep.yaml": DOMAIN,
        "recipes/a/recipe.yaml": ENROLLED,
        "recipes/b/recipe.yaml": ENROLLED,
      }),
    ).toEqual([
      "sweep.yaml:1:1  upstream: found nothing; allowed: a git address with {recipe} in it, or one in each recipe.yaml",
    ]);
  });

  it("an upstream that one recipe lacks is a fault of that recipe", () => {
    expect(
      faultLines({
        "sweep.yaml": DOMAIN,
        "recipes/a/recipe.yaml": `${ENROLLED}upstream: x/a.git\n`,
        "recipes/b/recipe.yaml": ENROLLED,
      }),
    ).toEqual([
      "recipes/b/recipe.yaml:1:1  upstream: found nothing; allowed: a git address, or one with {recipe} in sweep.yaml",
    ]);
  });

  it("a recipe.yaml must be readable", () => {
    const folder = configurationFolder({ "sweep.yaml": SOUND_SWEEP, "recipes/a/recipe.yaml/x": "a folder" });
    expect(() => loadConfig(folder, {})).toThrow("recipes/a/recipe.yaml:1:1  found EISDIR");
  });
});

describe("the list of all faults of a configuration", () => {
  it("has every file and every kind, in the order of files and lines", () => {
    const lines = faultLines({
      "sweep.yaml": [
        "upsteam: https://git.example.org/{recipe}.git",
        "timezone: Mars/Olympus",
        "timeouts:",
        "  deploy: 10m",
        "  tier: ten minutes",
        "timezone: UTC",
        "mirror: { url: https://git.example.org/one.git }",
        "lanes: [{ name: main }, { name: main }]",
        "",
      ].join("\n"),
      "recipes/b/recipe.yaml": "canonical: perhaps\nrequires: [{ recipe: ghost, mode: live }]\nwarm: hot\n",
      "recipes/a/recipe.yaml": "canonical: false\nbroken: { x: y }\nhealth: { tcp: 0 }\n",
      "recipes/Bad/recipe.yaml": "canonical: true\n- x\n",
    });
    expect(lines.map((line) => line.split(": found")[0])).toEqual([
      "sweep.yaml:1:1  domain",
      "sweep.yaml:1:1  upsteam",
      "sweep.yaml:5:3  timeouts.tier",
      "sweep.yaml:6:1  timezone",
      "sweep.yaml:7:11  mirror.url",
      "sweep.yaml:8:27  lanes.1.name",
      expect.stringMatching(/^recipes\/Bad\/recipe\.yaml:1:1 {2}found the folder Bad/),
      expect.stringMatching(/^recipes\/Bad\/recipe\.yaml:2:1 {2}found /),
      "recipes/a/recipe.yaml:1:1  reason",
      "recipes/a/recipe.yaml:2:11  broken.x",
      "recipes/a/recipe.yaml:3:11  health.tcp",
      "recipes/b/recipe.yaml:1:1  canonical",
      "recipes/b/recipe.yaml:2:14  requires.0.recipe",
      "recipes/b/recipe.yaml:3:1  warm",
    ]);
  });

  it("counts the faults in its headline", () => {
    const folder = configurationFolder({ "sweep.yaml": "domain: 1\nlisten: 1\n" });
    expect(() => loadConfig(folder, {})).toThrow(`2 faults in the configuration ${folder}:\n`);
  });
});
