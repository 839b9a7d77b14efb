import { type Compose, NOTES_TESTS, PLAIN_TESTS } from "../../sweep-swarm/notes-recipe.ts";
import type { SwarmWorld } from "../../sweep-swarm/world.ts";
import type { SwarmRecipe } from "../../sweep-swarm/world-recipe.ts";

/**
 * A recipe whose data shows who has worked on it: each release adds its name once, as a migration would. Later
 * releases bring a volume and a secret of their own. Without backups and bases, so that its cold test is short.
 */
export interface KeptRecipe extends SwarmRecipe {
  /** Publishes the release after these, and returns its version. */
  publishNext(proven: readonly string[]): string;
}

/** With `FAULTS_DEPTH=all` on a network of its own: then a stack takes six seconds longer to be gone, each time. */
export function keptRecipe(world: SwarmWorld, name: string, warm: "idle" | "live"): KeptRecipe {
  const { "tests/data/seed": seed = "", "tests/data/verify": verify = "" } = NOTES_TESTS;
  const tests = { ...PLAIN_TESTS, "tests/data/seed": seed, "tests/data/verify": verify };
  const place = process.env.FAULTS_DEPTH === "all" ? () => {} : onBridge;
  return kept(
    world.recipe(name, {
      settings: { warm, permissions: ["network:bridge"] },
      tests,
      quirk: { begin: FURNISHES },
    }),
    place,
  );
}

/** The same on the daemon that `OWN` names: it is asked from within, for no edge leads to its apps. */
export function keptRecipeOnOwn(world: SwarmWorld, name: string, warm: "idle" | "live" = "idle"): KeptRecipe {
  const settings = { warm, health: { command: "tests/health" } };
  const setup = { settings, tests: ASKED_WITHIN, quirk: { begin: FURNISHES } };
  return kept(world.recipe(name, setup), () => {});
}

function kept(recipe: SwarmRecipe, place: (compose: Compose) => void): KeptRecipe {
  return {
    ...recipe,
    publishNext: (proven) => {
      // What was proven is no base of an upgrade tier, which would only take time.
      recipe.set({ broken: Object.fromEntries(proven.map((version) => [version, "its image is gone"])) });
      const version = `1.${proven.length}.0+1`;
      const isFirst = proven.length === 0;
      recipe.publish(version, {
        compose: (compose) => {
          withoutBackups(compose);
          if (!isFirst) addMore(compose);
          place(compose);
        },
        files: isFirst ? {} : { ".env.sample": MORE_ENV },
      });
      return version;
    },
  };
}

const WITHIN = `#!/bin/sh
app=$(docker --host "$OWN" ps --quiet --filter "label=com.docker.swarm.service.name=\${SWEEP_STACK}_app")
within() { docker --host "$OWN" exec "$app" "$@"; }
`;
const SAYS_ITS_VERSION = `${WITHIN}test "$(within wget -q -O - http://127.0.0.1/)" = "$SWEEP_VERSION"\n`;
const ASKED_WITHIN: Readonly<Record<string, string>> = {
  "tests/health": SAYS_ITS_VERSION,
  "tests/install/says-its-version": SAYS_ITS_VERSION,
  "tests/data/seed": `${WITHIN}within sh -c 'echo "the sentinel" >>/data/notes'\n`,
  "tests/data/verify": `${WITHIN}within grep -qx "the sentinel" /data/notes\n`,
};

const FURNISHES = `grep -qx "$RELEASE" /data/releases 2>/dev/null || echo "$RELEASE" >>/data/releases
if [ ! -e /data/private ]; then
  mkdir -m 2750 /data/private
  echo kept >/data/private/file
  chmod 640 /data/private/file
  chown -R 1234:4321 /data/private
  ln -s ../releases /data/private/link
fi`;

const MORE_ENV = [
  "TYPE=notes",
  "DOMAIN=notes.example.com",
  "SECRET_DB_PASSWORD_VERSION=v1 # length=24 charset=hex",
  "SECRET_EXTRA_VERSION=v1 # length=12",
  "",
].join("\n");

function onBridge(compose: Compose): void {
  const { app = {} } = compose.services;
  app.networks = ["near"];
  compose.networks = { near: { external: true, name: "bridge" } };
}

function withoutBackups(compose: Compose): void {
  const { app = {} } = compose.services;
  app.deploy = { endpoint_mode: "dnsrr", update_config: { order: "stop-first" } };
}

function addMore(compose: Compose): void {
  const { app = {} } = compose.services;
  app.volumes = ["data:/data", "more:/more"];
  app.secrets = ["db_password", "extra"];
  compose.volumes = { data: {}, more: {} };
  const name = `${"$"}{STACK_NAME}_extra_${"$"}{SECRET_EXTRA_VERSION}`;
  compose.secrets = { ...(compose.secrets as object), extra: { external: true, name } };
}
