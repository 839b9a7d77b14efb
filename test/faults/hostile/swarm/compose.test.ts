// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are variables of compose files
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { busyboxImage } from "../../../support/images.ts";
import { describeOnSwarm } from "../../../support/swarm.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";
import type { FileContent } from "../../../support/upstream.ts";
import { labelsOf } from "../../../support/world.ts";
import { PLAIN_TESTS, withoutData } from "../../../sweep-swarm/notes-recipe.ts";
import { shortObjectsOf } from "../../../sweep-swarm/objects.ts";
import { detailsOf, worldForTest } from "../../../sweep-swarm/world.ts";
import { report } from "../../fault.ts";
import { startOperator } from "../../swarm/operator.ts";

const LIMIT_MS = 1_800_000;
type Files = Readonly<Record<string, FileContent>>;

/** A compose file that would mount the witness, if what stands between `#` and it ended the comment. */
const hidden = (mount: string, end: string) =>
  `version: "3.8"\nservices:\n  app:\n    image: ${busyboxImage()}\n    # a comment${end}    volumes: ["${mount}:/x"]\n`;
const app = (lines: string, rest = "") =>
  `version: "3.8"\nservices:\n  app:\n    image: ${busyboxImage()}\n${lines}\n${rest}`;

/** By name: the files of a release, and what its row has to say. `WITNESS` is a folder of the host. */
function hostileReleases(witness: string, network: string): Record<string, [Files, RegExp]> {
  const compose = (text: string): Files => ({ "compose.yml": text.replaceAll("WITNESS", witness) });
  const red = (words: string) => new RegExp(`^FAIL \\(red at install.*${words}`, "s");
  const blocked = (words: string) => new RegExp(`^BLOCKED \\(permission: .*${words}`, "s");
  return {
    "carriage-return": [compose(hidden("WITNESS", "\r")), red("U\\+000D")],
    "next-line": [compose(hidden("WITNESS", "\u0085")), red("U\\+0085")],
    "line-separator": [compose(hidden("WITNESS", "\u2028")), red("U\\+2028")],
    "paragraph-separator": [compose(hidden("WITNESS", "\u2029")), red("U\\+2029")],
    "null-character": [compose(hidden("WITNESS", "\u0000")), red("U\\+0000")],
    "utf-16": [
      { "compose.yml": Buffer.from(`\ufeff${app(`    volumes: ["${witness}:/x"]`)}`, "utf16le") },
      red("not UTF-8"),
    ],
    "overlong-utf-8": [
      { "compose.yml": Buffer.concat([Buffer.from(app("    # ")), Buffer.from([0xc0, 0x8a])]) },
      red("not UTF-8"),
    ],
    "folded-letter": [
      compose(app('    volumes: [{ type: "${ſ:-bind}", source: WITNESS, target: /x }]')),
      red("invalid interpolation"),
    ],
    "folded-label": [
      compose(app('    deploy: { labels: ["${ſ:-canonical-}sweep.pulled=busybox"] }')),
      red("invalid interpolation"),
    ],
    "label-of-ours": [
      compose(app('    deploy: { labels: ["${NOPE:-canonical-}sweep.pulled=busybox"] }')),
      blocked("the label canonical-sweep.pulled"),
    ],
    "key-twice": [compose(app('    volumes: []\n    volumes: ["WITNESS:/x"]')), red("unique")],
    "tag-of-yaml": [compose(app('    volumes: !!seq ["WITNESS:/x"]')), red("tag")],
    "second-document": [
      compose(`${app("")}---\n${app('    volumes: ["WITNESS:/x"]')}`),
      red("multiple documents"),
    ],
    "merged-later": [
      compose(`x-a: &a { volumes: ["WITNESS:/x"] }\n${app("    volumes: []\n    <<: *a")}`),
      red("put `<<` first"),
    ],
    "mount-by-merge": [
      compose(`x-a: &a { volumes: ["WITNESS:/x"] }\n${app("    <<: *a")}`),
      blocked("host-mount:"),
    ],
    "template-of-swarm": [
      compose(app("    volumes: [{ type: bind, source: 'WITNESS/{{.Task.Slot}}', target: /x }]")),
      blocked("which Swarm fills in"),
    ],
    "config-by-link": [
      {
        ...compose(app("    configs: [c]", "configs: { c: { file: c.txt } }\n")),
        "c.txt": { content: `${witness}/secret`, mode: "120000" },
      },
      /^BLOCKED \(checkout: a link leads out of the checkout/,
    ],
    "network-of-others": [
      compose(app("    networks: [net]", `networks: { net: { external: true, name: ${network} } }\n`)),
      blocked(`network:${network} not granted`),
    ],
    "host-of-others": [
      compose(app("    deploy: { labels: ['traefik.http.routers.x.rule=Host(`login.example.org`)'] }")),
      blocked("hostname:login.example.org"),
    ],
    "logs-elsewhere": [compose(app("    logging: { driver: syslog }")), blocked("logging driver syslog")],
    "many-replicas": [compose(app("    deploy: { replicas: 5000 }")), blocked("5000 replicas")],
    "template-in-options": [
      compose(
        app(
          '    volumes: ["data:/x"]',
          `volumes: { data: { driver_opts: { type: tmpfs, o: '{{"bi"}}nd,ro', device: WITNESS } } }\n`,
        ),
      ),
      blocked("a template, which Swarm fills in"),
    ],
    "share-by-nfs": [
      compose(
        app("    volumes: ['data:/x']", "volumes: { data: { driver_opts: { type: nfs, device: ':/' } } }\n"),
      ),
      blocked("a file system of type nfs"),
    ],
  };
}

describeOnSwarm("a release that wants to reach the host", () => {
  it(
    "reaches nothing, and a good one after it is proven: each has its own row",
    async (context) => {
      const witness = temporaryFolder("witness");
      writeFileSync(join(witness, "secret"), "canary-of-the-host\n", { mode: 0o600 });
      const before = stateOf(witness);
      const operator = await startOperator();
      onTestFinished(() => operator.close());
      const network = operator.network(`${operator.word}-net`);
      await operator.service(`${operator.word}-neighbour`);
      const world = await worldForTest("swarm", { breaker: { consecutiveMachinery: 99 } });
      const releases = hostileReleases(witness, network);
      for (const [name, [files]] of Object.entries(releases))
        world.recipe(name, { tests: PLAIN_TESTS, releases: ["1.0.0+1"], quirk: { files } });
      // Its second file is one for us, and two for Docker's `--compose-file`; its variables are those of other programs.
      world.recipe("z-comma", {
        tests: PLAIN_TESTS,
        releases: ["1.0.0+1"],
        quirk: { compose: withoutData, files: commaFiles(witness) },
      });
      const { document } = await world.json("sweep");
      const labels = labelsOf(document);
      const details = detailsOf(document);
      for (const [name, [, wanted]] of Object.entries(releases)) {
        const row = document.recipes.find(({ recipe }) => recipe === name);
        expect(`${labels[name]}: ${row?.detail}`, `${name}\n${details}`).toMatch(wanted);
      }
      expect(labels["z-comma"], details).toMatch(/^PASS \(promoted 1\.0\.0\+1/);
      expect(shortObjectsOf(world.domain)).toEqual([]);
      const read = readdirSync(world.state, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .filter((path) => readFileSync(path).includes("canary-of-the-host"));
      const touched = [...operator.touched(), ...read, ...(stateOf(witness) === before ? [] : [witness])];
      const outcome = "each refused under its own name, the good one promoted";
      const name = `${Object.keys(releases).length} releases that want to reach the host, in one sweep`;
      report(context, { kind: "hostile input", name, outcome, lost: [], touched });
    },
    LIMIT_MS,
  );
});

function commaFiles(witness: string): Files {
  const evil = `version: "3.8"\nservices: { app: { volumes: ["${witness}:/x", "/var/run/docker.sock:/s"], cap_add: [SYS_ADMIN] } }\n`;
  return {
    ".env.sample": `TYPE=notes\nDOMAIN=x\nGREETING=hello\nBASH_ENV=${witness}/evil.sh\nENV=${witness}/evil.sh\nLD_PRELOAD=${witness}/evil.so\nDOCKER_CONFIG=${witness}\nCOMPOSE_FILE=compose.yml:x,compose.evil.yml\n`,
    "x,compose.evil.yml": 'version: "3.8"\nservices: { app: { labels: { a: b } } }\n',
    "compose.evil.yml": evil,
    x: evil,
  };
}

/** Names, contents and times of what is in a folder. */
function stateOf(folder: string): string {
  mkdirSync(folder, { recursive: true });
  return JSON.stringify(
    readdirSync(folder).map((name) => {
      const { mtimeMs, ctimeMs, mode } = statSync(join(folder, name));
      return [name, mtimeMs, ctimeMs, mode, readFileSync(join(folder, name), "utf8")];
    }),
  );
}
