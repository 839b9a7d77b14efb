import assert from "node:assert/strict";
import { labelsOf, nameInDocker } from "../../../src/compose/compose.ts";
import { permissionsOf } from "../../../src/compose/permissions.ts";
import { toPlainJson } from "../../../src/compose/plain-json.ts";
import { ActFailed } from "../../../src/docker/failure.ts";
import {
  addMissing,
  declaredSecrets,
  readVariable,
  setVariables,
} from "../../../src/driver/abra/env-file.ts";
import { readExports } from "../../../src/driver/recipe-files/abra-sh.ts";
import {
  expandEntries,
  formatEnvFile,
  overlayEntries,
  parseEnvFile,
  quoteValue,
} from "../../../src/driver/recipe-files/env-file.ts";
import { readFiles } from "../../compose/read.ts";
import { longInputs, shortInputs } from "../inputs.ts";
import type { FuzzedParser } from "../parser.ts";

const ENV_GRAMMAR = {
  samples: [
    "TYPE=gitea\n\nDOMAIN=gitea.example.com\n## a comment\nSECRET_DB_PASSWORD_VERSION=v1  # length=64 charset=hex\n",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the reference of an `.env` file
    "export A=\"x y\" # note\nB='c#d'\nC=${A}/$B\n#D=1\nE=\n",
    "COMPOSE_FILE=compose.yml:compose.db.yml\nX=a#b #c\n",
  ],
  pieces: [
    "A=",
    "B=",
    "export ",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the reference of an `.env` file
    "${A}",
    "$B",
    "${",
    " # length=3",
    "# ",
    "a#",
    "\\n",
    "toString=1\n",
    "__proto__=1\n",
    "SECRET_X_VERSION=",
    "  ",
  ],
};

export const SWARM_ENV: FuzzedParser = {
  name: ".env.sample (swarm)",
  inputs: shortInputs(ENV_GRAMMAR),
  long: longInputs(ENV_GRAMMAR),
  accepts: unlessRefused((text) => {
    const entries = parseEnvFile(text);
    assert.deepEqual(parseEnvFile(formatEnvFile(entries)), entries);
    const values = expandEntries(entries, { DOMAIN: "warm.example.org" });
    for (const { name } of entries)
      assert.equal(typeof Object.getOwnPropertyDescriptor(values, name)?.value, "string", name);
    assert.equal(values.DOMAIN, "warm.example.org");
    assert.deepEqual(
      overlayEntries(entries, []).map(({ name }) => name),
      [...new Set(entries.map(({ name }) => name))],
    );
    const quoted = { name: "X", raw: quoteValue(text), modifiers: {} };
    assert.equal(
      expandEntries(parseEnvFile(formatEnvFile([quoted])), {}).X,
      text,
      "a quoted value is another one when read",
    );
    return entries.length > 0;
  }),
};

const EXPORTS_GRAMMAR = {
  samples: [
    "export APP_INI_VERSION=v22\nexport DOCKER_SETUP_SH_VERSION=v1\n\nfix_perms() {\n  chown x y\n}\n",
    "#!/bin/bash\nexport A=\"x y\" # note\nexport B='z';\n",
  ],
  pieces: ["export ", "A=", "B=v1", '"x y"', "'z'", "#", ";", "$(id)", "`id`", "  ", "|", "\\\n"],
};

/** `abra.sh` is read and never run: only what is plainly exported comes out of it. */
export const ABRA_SH: FuzzedParser = {
  name: "abra.sh",
  inputs: shortInputs(EXPORTS_GRAMMAR),
  long: longInputs(EXPORTS_GRAMMAR),
  accepts: unlessRefused((text) => {
    if (!/^export\s/m.test(text)) assert.deepEqual(readExports(text), {});
    const exported = Object.entries(readExports(text));
    for (const [name, value] of exported) {
      assert.match(name, /^[A-Za-z_][A-Za-z0-9_]*$/);
      assert.ok(!value.includes("\n") && text.includes(value), value);
      assert.ok(text.includes(`${name}=`), name);
    }
    return exported.length > 0;
  }),
};

export const ABRA_ENV: FuzzedParser = {
  name: ".env (abra)",
  inputs: shortInputs(ENV_GRAMMAR),
  long: longInputs(ENV_GRAMMAR),
  accepts: (text) => {
    const before = { A: readVariable(text, "A"), B: readVariable(text, "B") };
    const set = setVariables(text, { DOMAIN: "warm.example.org", B: "it's # $5" });
    assert.equal(readVariable(set, "DOMAIN"), "warm.example.org");
    assert.equal(readVariable(set, "A"), before.A);
    assert.equal(setVariables(set, { DOMAIN: "warm.example.org" }), set, "not the same when set again");
    const { text: more, added } = addMissing("A=1\n", text);
    assert.equal(readVariable(more, "A"), "1");
    assert.deepEqual(addMissing(more, text).added, []);
    for (const name of new Set(added)) assert.equal(readVariable(more, name), readVariable(text, name), name);
    for (const secret of declaredSecrets(text)) assert.equal(secret.name, secret.name.toLowerCase());
    return declaredSecrets(text).length > 0 || before.A !== null;
  },
};

const COMPOSE_GRAMMAR = {
  samples: [
    `version: "3.8"
services:
  app:
    image: gitea/gitea:1.24.2
    environment: [A=\${A}, B]
    volumes: ["data:/data", "/srv:/srv:ro"]
    deploy: { labels: { backupbot.backup: "\${X:-true}", n: 1 } }
volumes:
  data:
  nfs: { driver_opts: { o: bind, device: /mnt } }
secrets:
  db: { external: true, name: "\${STACK_NAME}_db_\${V}" }
networks: { proxy: { external: true } }
`,
    "x-a: &a { labels: [a=b] }\nservices: { app: { <<: *a, image: x }, db: *a }\n",
    "services: { app: null }\nconfigs: { c: { file: ./c } }\n",
  ],
  pieces: [
    "&a ",
    "*a",
    "<<: *a\n",
    "services: ",
    "app: ",
    "volumes: ",
    "labels: ",
    "- ",
    ": ",
    "~",
    "[]",
    "{}",
    "[",
    "{ ",
    "!!set ",
    "!!binary x",
    "__proto__: {}\n",
    "toString: {}\n",
    "${X:-",
    "$$",
    "---\n",
  ],
};

/** What is written for Docker is read again as the same, by the same reader: nothing in it has a second meaning. */
export const COMPOSE: FuzzedParser = {
  name: "compose file",
  inputs: shortInputs(COMPOSE_GRAMMAR),
  long: longInputs(COMPOSE_GRAMMAR, 8000),
  accepts: (text) => {
    const { compose, problems } = readFiles(text, { X: "y", STACK_NAME: "s" });
    if (compose === null || problems.length > 0) return false;
    for (const service of Object.values(compose.services))
      for (const value of Object.values(labelsOf(service))) assert.equal(typeof value, "string");
    for (const [key, definition] of Object.entries(compose.secrets))
      assert.notEqual(nameInDocker("s", key, definition), "");
    for (const permission of permissionsOf(compose, { stack: "s", domain: "s.test" }))
      assert.notEqual(permission, "");
    const { version, ...sections } = compose;
    const written = toPlainJson({ ...(version === null ? {} : { version }), ...sections });
    const again = readFiles(written);
    assert.deepEqual(again.doubts, [], written);
    if (again.problems.length === 0) assert.deepEqual(again.compose, compose);
    return Object.keys(compose.services).length > 0;
  },
};

/** False where the release is at fault; anything else that is thrown is a defect. */
function unlessRefused(accepts: (text: string) => boolean): (text: string) => boolean {
  return (text) => {
    try {
      return accepts(text);
    } catch (error) {
      if (error instanceof ActFailed && error.failure.cause === "recipe") return false;
      throw error;
    }
  };
}
