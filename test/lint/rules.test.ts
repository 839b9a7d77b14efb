// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are variables of compose and .env files
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkRelease } from "../../src/lint/check.ts";
import { RULES } from "../../src/lint/rules.ts";
import { type FactsOptions, type Files, factsOf, findingsOf } from "./facts.ts";
import { GOOD_RECIPES } from "./good-recipes.ts";

/** A compose file with these lines in its service `app`, and what else it has. */
function compose(service: readonly string[], rest: readonly string[] = []): Files {
  const lines = [
    'version: "3.8"',
    "services:",
    "  app:",
    "    image: nginx:1",
    ...service.map((line) => `    ${line}`),
  ];
  return { "compose.yml": [...lines, ...rest, ""].join("\n") };
}

const LABELS = (...labels: string[]) => ["deploy:", "  labels:", ...labels.map((label) => `    ${label}`)];
const DATABASE = (...labels: string[]): Files => ({
  "compose.yml": [
    'version: "3.8"',
    "services:",
    "  db:",
    "    image: docker.io/library/postgres:15",
    '    volumes: ["data:/var/lib/postgresql/data", "dumps:/dumps"]',
    "    labels:",
    ...labels.map((label) => `      ${label}`),
    "volumes: { data: {}, dumps: {} }",
    "",
  ].join("\n"),
});
const DUMP = [
  "backupbot.backup.pre-hook: pg_dump -f /dumps/all.sql",
  "backupbot.restore.post-hook: psql -f /dumps/all.sql",
];
const SHARED = (web: readonly string[], rest: Files = {}, internal = "{}"): Files => ({
  ...rest,
  "compose.yml": [
    'version: "3.8"',
    "services:",
    "  app: { image: php:8, networks: [proxy, internal] }",
    "  web:",
    "    image: nginx:1",
    "    networks: [proxy, internal]",
    ...web.map((line) => `    ${line}`),
    `networks: { proxy: { external: true }, internal: ${internal} }`,
    'configs: { conf: { file: nginx.conf, name: "${STACK_NAME}_conf_v1" } }',
    "",
  ].join("\n"),
});
const CONFIG = (target: string, more: readonly string[] = [], script = "exec app\n"): Files => ({
  "start.sh": script,
  "app.ini": "a = b\n",
  "compose.yml": [
    'version: "3.8"',
    "services:",
    "  app:",
    "    image: app:1",
    "    configs:",
    `      - { source: ini, target: ${target} }`,
    "      - { source: start, target: /start.sh, mode: 0555 }",
    ...more.map((line) => `    ${line}`),
    'configs: { ini: { file: app.ini, name: "a_${INI_VERSION}" }, start: { file: start.sh, name: b_v1 } }',
    "volumes: { data: {} }",
    "",
  ].join("\n"),
  "abra.sh": "# versions\nexport INI_VERSION=v1\n",
});

type Row = readonly [says: string, files: Files, found: readonly string[], options?: FactsOptions];

const ROWS: Record<string, readonly Row[]> = {
  "restore-hook-missing": [
    [
      "no-restore-hook: a dump that nothing reads back",
      DATABASE("backupbot.backup: 'true'", DUMP[0] ?? "", "backupbot.backup.volumes.data: 'false'"),
      ["error compose.yml:8 restore-hook-missing"],
    ],
    [
      "the same as a list of labels of the deploy",
      compose(LABELS("- backupbot.backup=true", "- backupbot.backup.pre-hook=/backup.sh")),
      ["error compose.yml:8 restore-hook-missing"],
    ],
    [
      "a hook that is taken back by an overlay counts as none",
      {
        ...DATABASE("backupbot.backup: 'true'", ...DUMP, "backupbot.backup.volumes.data: 'false'"),
        "compose.other.yml":
          'version: "3.8"\nservices:\n  db:\n    labels: { backupbot.restore.post-hook: "" }\n',
        ".env.sample": "COMPOSE_FILE=compose.yml:compose.other.yml\n",
      },
      ["error compose.yml:8 restore-hook-missing"],
    ],
    [
      "a dump that is read back",
      DATABASE("backupbot.backup: 'true'", ...DUMP, "backupbot.backup.volumes.data: 'false'"),
      [],
    ],
    [
      "a hook that only brings the app to rest",
      compose(LABELS('backupbot.backup.pre-hook: "occ maintenance:mode --on"')),
      [],
    ],
  ],
  "hot-database-directory": [
    [
      "no-restore-hook: dumped, and copied hot all the same",
      DATABASE("backupbot.backup: 'true'", ...DUMP),
      ["error compose.yml:7 hot-database-directory"],
    ],
    [
      "copied hot without any hook",
      DATABASE("backupbot.backup: 'true'"),
      ["error compose.yml:7 hot-database-directory"],
    ],
    [
      "by the older label with a path",
      DATABASE("backupbot.backup: 'true'", "backupbot.backup.path: /var/lib/postgresql"),
      [],
    ],
    [
      "by the older label with the path of the directory",
      DATABASE("backupbot.backup: 'true'", "backupbot.backup.path: /var/lib/postgresql/data"),
      ["error compose.yml:8 hot-database-directory"],
    ],
    [
      "in a folder of PGDATA's own",
      {
        "compose.yml":
          'version: "3.8"\nservices:\n  db:\n    image: my/db:1\n    environment: [PGDATA=/pg/live]\n    volumes: ["vol:/pg"]\n    labels: [backupbot.backup=true, "backupbot.backup.volumes.vol.path=live"]\nvolumes: { vol: }\n',
      },
      ["error compose.yml:7 hot-database-directory"],
    ],
    [
      "a cache may be copied; putting it back under a running one is lost",
      {
        "compose.yml":
          'version: "3.8"\nservices:\n  cache:\n    image: redis:7\n    volumes: ["vol:/data"]\n    labels: [backupbot.backup=true]\nvolumes: { vol: }\n',
      },
      ["warning compose.yml:6 hot-database-directory"],
    ],
    ["left out", DATABASE("backupbot.backup: 'true'", ...DUMP, "backupbot.backup.volumes.data: 'false'"), []],
    [
      "narrowed to the dump",
      DATABASE("backupbot.backup: 'true'", ...DUMP, "backupbot.backup.volumes.data.path: all.sql"),
      [],
    ],
    ["never backed up", DATABASE("a: b"), []],
    [
      "stopped for it",
      DATABASE("backupbot.backup: 'true'", "backupbot.backup.pre-hook: pg_ctl stop -m fast"),
      [],
    ],
  ],
  "shared-network-alias": [
    [
      "alias-collision: a bare `app` behind a proxy, in a stack whose network sorts after `proxy`",
      SHARED(["configs: [{ source: conf, target: /etc/nginx/nginx.conf }]"], {
        "nginx.conf": "http {\n  fastcgi_pass app:9000;\n}\n",
      }),
      ["error nginx.conf:2 shared-network-alias"],
    ],
    [
      "in an environment variable",
      SHARED(["environment:", "  BACKEND_URL: http://app:9000/x"]),
      ["error compose.yml:8 shared-network-alias"],
    ],
    [
      "as the value of a host",
      SHARED(["environment: [PHP_HOST=app]"]),
      ["error compose.yml:7 shared-network-alias"],
    ],
    [
      "safe here, where the own network sorts first, and nowhere else",
      SHARED(["environment: [PHP_HOST=app]"]),
      ["warning compose.yml:7 shared-network-alias"],
      { domain: "cloud.example.org" },
    ],
    [
      "an internal network is asked last, whatever its name",
      SHARED(["environment: [PHP_HOST=app]"], {}, "{ internal: true }"),
      ["error compose.yml:7 shared-network-alias"],
      { domain: "cloud.example.org" },
    ],
    ["named in full", SHARED(['environment: ["PHP_HOST=${STACK_NAME}_app"]']), []],
    [
      "only by words that look like it",
      SHARED(
        [
          "environment: [MODE=app, URL=https://app.example.org, X=my-app:80, HOSTNAME=app, DB=file:///app/data]",
          "configs: [{ source: conf, target: /etc/nginx/nginx.conf }]",
        ],
        {
          "nginx.conf":
            "location / { try_files $uri @app; }\nlocation @app { }\n# app:9000\nchown app:1000 /x\n",
        },
      ),
      [],
    ],
    [
      "by somebody who is not on the shared network",
      {
        "compose.yml":
          'version: "3.8"\nservices:\n  app: { image: a:1, networks: [proxy, default] }\n  job: { image: b:1, environment: [APP_HOST=app] }\nnetworks: { proxy: { external: true } }\n',
      },
      [],
    ],
  ],
  "read-only-config": [
    [
      "jwt-read-only: the entrypoint writes it",
      CONFIG("/data/app.ini", ["entrypoint: /start.sh"], "set -e\nsed -i s/a/b/ /data/app.ini\nexec app\n"),
      ["error compose.yml:6 read-only-config"],
    ],
    ...[
      "echo a > /etc/app.ini",
      "chown app:app /etc/app.ini",
      "x | tee -a /etc/app.ini",
      "cp /x /etc/app.ini",
    ].map(
      (line): Row => [
        `\`${line}\``,
        CONFIG("/etc/app.ini", [`command: ["sh", "-c", ${JSON.stringify(line)}]`]),
        ["error compose.yml:6 read-only-config"],
      ],
    ),
    [
      "by a variable that names it",
      CONFIG("/etc/app.ini", ["environment: { APP_INI: /etc/app.ini }"], 'echo x >> "$APP_INI"\n'),
      ["error compose.yml:6 read-only-config"],
    ],
    [
      "within a volume of the app's",
      CONFIG("/data/conf/app.ini", ['volumes: ["data:/data"]']),
      ["warning compose.yml:6 read-only-config"],
    ],
    [
      "only read",
      CONFIG(
        "/etc/app.ini",
        ['volumes: ["data:/data"]'],
        "# chown /etc/app.ini\ncp /etc/app.ini /data/app.ini\ncat /etc/app.ini > /data/x\n",
      ),
      [],
    ],
  ],
  "config-version-unchanged": [
    [
      "another content under the same name",
      CONFIG("/etc/app.ini"),
      ["error abra.sh:2 config-version-unchanged"],
      { base: { "app.ini": "a = c\n" } },
    ],
    [
      "a config without a version in its name",
      CONFIG("/etc/app.ini"),
      ["error compose.yml:8 config-version-unchanged"],
      { base: { "start.sh": "other\n" } },
    ],
    [
      "a version of .env.sample, which an app that is there already keeps",
      { ...CONFIG("/etc/app.ini"), "abra.sh": "", ".env.sample": "INI_VERSION=v2\n" },
      ["error compose.yml:8 config-version-unchanged"],
      { base: { "app.ini": "a = c\n", ".env.sample": "INI_VERSION=v1\n" } },
    ],
    [
      "raised with it",
      CONFIG("/etc/app.ini"),
      [],
      { base: { "app.ini": "a = c\n", "abra.sh": "export INI_VERSION=v0\n" } },
    ],
    ["the same content", CONFIG("/etc/app.ini"), [], { base: { "README.md": "other" } }],
    ["no release before", CONFIG("/etc/app.ini"), []],
  ],
  "test-asserts-no-release": [
    [
      "stale-test: an image that no release has",
      compose([]),
      ["warning tests/upgrade/image:2 test-asserts-no-release"],
      { tests: { "tests/upgrade/image": '#!/bin/sh\ntest "$image" = docker.example.com/nginx:1\n' } },
    ],
    [
      "another tag of it",
      compose([]),
      ["warning tests/custom/a:1 test-asserts-no-release"],
      { tests: { "tests/custom/a": "docker service inspect x | grep -q 'nginx:2\\.1'\n" } },
    ],
    [
      "a release that was never made",
      compose([]),
      ["warning tests/custom/a:1 test-asserts-no-release"],
      { tests: { "tests/custom/a": '[ "$SWEEP_VERSION" = 1.2.0+2.0 ]\n' } },
    ],
    [
      "what a release has, and what is no image of ours",
      compose([]),
      [],
      {
        tests: {
          "tests/custom/a":
            'grep nginx:1 x; grep docker.io/library/nginx:1 x; curl http://nginx:8080 $SWEEP_URL/nginx:2x\n# nginx:9\n[ "$SWEEP_VERSION" = 1.0.0+2.0 ]; docker run alpine:3 "nginx:$tag" localhost:80\n',
        },
      },
    ],
  ],
  "compose-unreadable": [
    [
      "YAML that is none",
      { "compose.yml": "services:\n  app: [\n" },
      ["error compose.yml:3 compose-unreadable"],
    ],
    [
      "a key twice",
      { "compose.yml": "services:\n  a: {}\n  a: {}\n" },
      ["error compose.yml:3 compose-unreadable"],
    ],
    ["a file that is not there", {}, ["error compose.yml:1 compose-unreadable"]],
    [
      "an overlay that is not there",
      { ...compose([]), ".env.sample": "A=b\nCOMPOSE_FILE=compose.yml:compose.nope.yml\n" },
      ["error .env.sample:2 compose-unreadable"],
    ],
    [
      "undefined-service: in depends_on, links, network_mode",
      compose(["depends_on: [db]", 'links: ["cache:c"]', 'network_mode: "service:vpn"']),
      [
        "error compose.yml:5 compose-unreadable",
        "error compose.yml:6 compose-unreadable",
        "error compose.yml:7 compose-unreadable",
      ],
    ],
    [
      "names that nobody defines",
      compose(["networks: [a]", 'volumes: ["b:/b"]', "configs: [c]", "secrets: [{ source: d }]"]),
      [5, 6, 7, 8].map((line) => `error compose.yml:${line} compose-unreadable`),
    ],
    [
      "what docker stack does not know",
      {
        "compose.yml":
          "name: x\nversion: '3.8'\nservices:\n  app:\n    image: a:1\n    profiles: [x]\n    pull_policy: always\n    depends_on: { app: {} }\nconfigs:\n  c:\n    content: x\n",
      },
      [1, 6, 7, 8, 10, 11].map((line) => `error compose.yml:${line} compose-unreadable`),
    ],
    [
      "no version",
      { "compose.yml": "services: { app: { image: a:1 } }\n" },
      ["error compose.yml:1 compose-unreadable"],
    ],
    [
      "two versions",
      {
        ...compose([]),
        "b.yml": "version: '3.7'\nservices: {}\n",
        ".env.sample": "COMPOSE_FILE=compose.yml:b.yml\n",
      },
      ["error b.yml:1 compose-unreadable"],
    ],
    [
      "a duration without a unit",
      compose(["healthcheck: { interval: '30', retries: many }"]),
      ["error compose.yml:5 compose-unreadable", "error compose.yml:5 compose-unreadable"],
    ],
    [
      "a variable that must be set",
      compose(["command: ${X?set it}"]),
      ["error compose.yml:5 compose-unreadable"],
    ],
    [
      "which a provider may set",
      compose(["command: ${X?set it}"]),
      ["warning compose.yml:5 compose-unreadable"],
      { hasSetup: true },
    ],
    ["which the operator sets", compose(["command: ${X?set it}"]), [], { env: { X: "y" } }],
    [
      "what an overlay defines, with anchors and merge keys",
      {
        "compose.yml":
          "version: '3.8'\nx-base: &base\n  image: a:1\n  networks: [inner]\nservices:\n  app:\n    <<: *base\n    depends_on: [db]\n",
        "b.yml": "version: '3.8'\nservices:\n  db: { image: b:1 }\nnetworks: { inner: {} }\n",
        ".env.sample": 'COMPOSE_FILE="compose.yml:b.yml"\n',
      },
      [],
    ],
    ["a command driver without compose files", { "README.md": "x" }, [], { driver: "command" }],
  ],
  "lightweight-tag": [
    ["one is enough", compose([]), ["warning - lightweight-tag"], { tags: ["0.9.0+1.0!", "1.0.0+2.0"] }],
    ["none", compose([]), []],
  ],
  "duration-variable": [
    [
      "never set",
      compose(["healthcheck: { start_period: '${P}' }"]),
      ["error compose.yml:5 duration-variable"],
    ],
    [
      "set without a unit",
      {
        ...compose(["healthcheck: { start_period: '${P}', retries: '${R}' }"]),
        ".env.sample": "P=30\nR=ten\n",
      },
      ["error compose.yml:5 duration-variable", "error compose.yml:5 duration-variable"],
    ],
    [
      "set by a comment only",
      { ...compose(["stop_grace_period: ${P}"]), ".env.sample": "#P=30s\n" },
      ["error compose.yml:5 duration-variable"],
    ],
    [
      "set",
      {
        ...compose(["healthcheck: { start_period: '${P}', retries: '${R:-3}' }"]),
        ".env.sample": "P=1m30s\n",
      },
      [],
    ],
    ["set by the operator", compose(["healthcheck: { start_period: '${P}' }"]), [], { env: { P: "5s" } }],
  ],
};

describe.each(RULES.map(({ id }) => id))("%s", (id) => {
  const rows = (ROWS[id] ?? []).map(([says, files, found, options = {}]) => ({
    says,
    files,
    found,
    options,
  }));

  it.each(rows)("$says", ({ files, found, options }) => {
    expect(findingsOf(files, options)).toEqual(found);
  });

  it("is shown by a recipe that it finds and by one that it leaves alone", () => {
    const outcomes = (ROWS[id] ?? []).map(([, , found]) => found.length > 0);
    expect(outcomes).toContain(true);
    expect(outcomes).toContain(false);
  });
});

describe("recipes in the form of the catalogue's", () => {
  it.each(Object.entries(GOOD_RECIPES))("%s: lint raises no false alarm", (_name, files) => {
    expect(checkRelease(factsOf(files)).findings).toEqual([]);
  });

  it.each(Object.entries(GOOD_RECIPES))(
    "%s: lint raises no false alarm with the abra driver and another domain",
    (_name, files) => {
      expect(findingsOf(files, { driver: "abra", domain: "a.example.org", base: {} })).toEqual([]);
    },
  );
});

describe("a comment that takes a finding back", () => {
  const bad = (comment: string) => compose([comment, "depends_on: [db]"]);

  it("stands beside the line, and gives its reason", () => {
    const { findings, ignored } = checkRelease(
      factsOf(bad("# canonical-sweep: ignore compose-unreadable db comes with the host")),
    );
    expect(findings).toEqual([]);
    expect(ignored).toMatchObject([{ rule: "compose-unreadable", reason: "db comes with the host" }]);
  });

  it("may stand on the line itself", () => {
    const files = compose(["depends_on: [db] # canonical-sweep: ignore compose-unreadable known"]);
    expect(findingsOf(files)).toEqual([]);
  });

  it.each([
    [
      "without a reason takes nothing back",
      "# canonical-sweep: ignore compose-unreadable",
      ["error compose.yml:6 compose-unreadable", "warning compose.yml:5 ignore-without-reason"],
    ],
    [
      "of another rule is of no use",
      "# canonical-sweep: ignore lightweight-tag because",
      ["error compose.yml:6 compose-unreadable", "note compose.yml:5 ignore-unused"],
    ],
    [
      "that names no rule says nothing",
      "# canonical-sweep: ignore",
      ["error compose.yml:6 compose-unreadable", "warning compose.yml:5 ignore-without-reason"],
    ],
  ])("%s", (_says, comment, found) => {
    expect(findingsOf(bad(comment))).toEqual(found);
  });

  it("speaks of its own line when it stands behind it; several above a line all speak of that line", () => {
    const trailing = compose([
      "networks: [] # canonical-sweep: ignore compose-unreadable no",
      "depends_on: [db]",
    ]);
    expect(findingsOf(trailing)).toEqual([
      "error compose.yml:6 compose-unreadable",
      "note compose.yml:5 ignore-unused",
    ]);
    const stacked = compose([
      "# canonical-sweep: ignore duration-variable set by hand",
      "# canonical-sweep: ignore compose-unreadable there by hand",
      "x-all: { depends_on: &d [db] }",
      "depends_on: *d",
    ]);
    expect(findingsOf(stacked)).toEqual(["note compose.yml:5 ignore-unused"]);
  });

  it("works in the operator's own tests", () => {
    const text = "# canonical-sweep: ignore test-asserts-no-release next release\ngrep nginx:2\n";
    expect(findingsOf(compose([]), { tests: { "tests/custom/a": text } })).toEqual([]);
  });
});

describe("no input makes a lint rule throw", () => {
  const word = fc.constantFrom(
    ..."services volumes networks configs secrets app db image labels deploy environment healthcheck interval test command entrypoint depends_on external name file proxy aliases source target backupbot.backup backupbot.backup.pre-hook true /data ${X} ${X?y} <<".split(
      " ",
    ),
  );
  const value: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      fc.oneof(word, fc.constant(null), fc.integer(), fc.boolean(), fc.string({ maxLength: 8 })),
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(word, tie("value"), { maxKeys: 5 }),
    ),
  })).value;

  it("compose files of any form", () => {
    fc.assert(
      fc.property(fc.dictionary(word, value), value, (document, services) => {
        const text = JSON.stringify({
          version: "3.8",
          ...document,
          services: { app: services, db: document },
        });
        const options: FactsOptions = { base: { "compose.yml": "{}" }, tests: { "tests/a/b": text } };
        expect(() => checkRelease(factsOf({ "compose.yml": text, "abra.sh": text }, options))).not.toThrow();
      }),
      { numRuns: 150 },
    );
  });

  it("texts of any kind", () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 200 }),
        fc.string({ unit: "binary", maxLength: 100 }),
        (text, other) => {
          const files = { "compose.yml": text, ".env.sample": other, "abra.sh": text };
          expect(() => checkRelease(factsOf(files, { tests: { "tests/a/b": other } }))).not.toThrow();
        },
      ),
      { numRuns: 150 },
    );
  });
});
