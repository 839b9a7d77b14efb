/** A file that `init` writes. */
export interface SampleFile {
  /** Relative to the configuration folder. */
  path: string;
  text: string;
  executable: boolean;
}

/** The sample recipe `hello`: its configuration, its commands and a test in every tier. */
export function sampleRecipe(): SampleFile[] {
  const files: [path: string, text: string][] = [
    ["app/deploy", DEPLOY],
    ["app/undeploy", UNDEPLOY],
    ["app/version", ask("/version")],
    ["app/inventory", INVENTORY],
    ["tests/data/seed", SEED],
    ["tests/data/verify", VERIFY],
    ["tests/data/damage", DAMAGE],
    ["tests/install/says-hello", SAYS_HELLO],
    ["tests/upgrade/is-the-new-version", IS_THE_NEW_VERSION],
    ["tests/backup/still-answers", expectAnswer("Answers while and after it was backed up.")],
    ["tests/restore/still-answers", expectAnswer("Answers on what was restored.")],
    ["tests/custom/keeps-a-note", KEEPS_A_NOTE],
  ];
  return [
    { path: "recipes/hello/recipe.yaml", text: RECIPE_YAML, executable: false },
    ...files.map(([path, text]) => ({ path: `recipes/hello/${path}`, text, executable: true })),
  ];
}

const RECIPE_YAML = `# yaml-language-server: $schema=../../schemas/recipe.schema.json
# A sample: a small server that keeps notes, deployed by its own commands. It needs no swarm. When recipes of your
# own stand beside it, remove this folder and ../../sample-upstream.
canonical: true
driver: command
upstream: ./sample-upstream/hello.git

# How it is seen that the app answers: { path, status, service }, { tcp: PORT } or { command: tests/health }
health: { path: /health, status: [200] }

# Each is one line of bash, run in this folder with the variables of the tests, and SWEEP_CHECKOUT, SWEEP_DATA,
# SWEEP_INSTANCE, SWEEP_BACKUP.
commands:
  deploy: app/deploy
  undeploy: app/undeploy
  version: app/version
  url: cat "$SWEEP_DATA/url"
  backup: cp -a "$SWEEP_DATA/notes/." "$SWEEP_BACKUP/"
  restore: rm -rf "$SWEEP_DATA/notes" && cp -a "$SWEEP_BACKUP/." "$SWEEP_DATA/notes/"
  logs: cat "$SWEEP_DATA/log"
  inventory: app/inventory

# How the canonical is kept: idle (stopped, with its data) or live (always running).
#warm: idle

# The warm domain; the default is warm-<recipe>.<domain>
#domain: warm-hello.ci.example.org

# What differs from sweep.yaml for this recipe; mirror too.
#timeouts: { deploy: 1m }

# Variables for the app, for example { HELLO_DOMAIN: "{domain}" }
#env: {}

# What it needs to run, for example [{ recipe: keycloak, mode: live, setup: setup/keycloak }]
#requires: []

# Which tests apply, for example { custom/new-login: { only: ref, reason: belongs to an open pull request } }
#tests: {}

# Releases that are never tested and never a base, for example { "0.1.0+1.0.0": its image is gone }
#broken: {}

# What a release may ask of the host: docker-socket, "host-mount:/path", "network:NAME", "hostname:NAME"
#permissions: []
`;

const DEPLOY = `#!/usr/bin/env bash
# Starts SWEEP_VERSION on SWEEP_DATA; a version that runs is stopped first.
set -euo pipefail
"$(dirname "$0")/undeploy"
mkdir -p "$SWEEP_DATA/notes"
cp "$SWEEP_CHECKOUT/server.mjs" "$SWEEP_DATA/server.mjs"
setsid node "$SWEEP_DATA/server.mjs" "$SWEEP_DATA" "$SWEEP_VERSION" </dev/null >>"$SWEEP_DATA/log" 2>&1 &
server=$!
until [ -s "$SWEEP_DATA/url" ]; do
  kill -0 "$server" || { tail -n 5 "$SWEEP_DATA/log"; exit 1; }
  sleep 0.05
done
`;

const UNDEPLOY = `#!/usr/bin/env bash
# Stops the app and waits until it has ended; its data stays.
set -euo pipefail
inventory="$(dirname "$0")/inventory"
rm -f "$SWEEP_DATA/url"
for pid in $("$inventory" | sed -n 's/.* process \\([0-9]*\\)$/\\1/p'); do
  kill "$pid" 2>/dev/null || true
done
while [ -n "$("$inventory")" ]; do sleep 0.05; done
`;

const INVENTORY = `#!/usr/bin/env bash
# Prints a line for each object of this app that exists: its server, found by the data that it works on.
set -euo pipefail
for folder in /proc/[0-9]*; do
  { mapfile -d '' -t words <"$folder/cmdline"; } 2>/dev/null || continue
  if [ "\${words[1]:-}" = "$SWEEP_DATA/server.mjs" ]; then
    echo "$SWEEP_DOMAIN: process \${folder#/proc/}"
  fi
done
`;

const SEED = check(
  "Plants the sentinel, which `verify` finds again if the data outlived what was done to it.",
  `const sentinel = \`\${process.env.SWEEP_URL}/notes/sentinel\`;
  const answer = await fetch(sentinel, { method: "PUT", body: "planted" });
  if (answer.status !== 204) throw new Error(\`the note was not taken: \${answer.status}\`);`,
);

const VERIFY = check(
  "Finds the sentinel again.",
  `const answer = await fetch(\`\${process.env.SWEEP_URL}/notes/sentinel\`);
  const text = await answer.text();
  if (text !== "planted") throw new Error(\`the sentinel is gone: \${answer.status} \${text}\`);`,
);

const DAMAGE = check(
  "Destroys the sentinel, so that only a restore can bring it back.",
  `const answer = await fetch(\`\${process.env.SWEEP_URL}/notes/sentinel\`, { method: "DELETE" });
  if (answer.status !== 204) throw new Error(\`the note is still there: \${answer.status}\`);`,
);

const SAYS_HELLO = check(
  "The first page greets.",
  `const answer = await fetch(\`\${process.env.SWEEP_URL}/\`);
  const text = await answer.text();
  if (!text.includes("Hello")) throw new Error(\`no greeting: \${answer.status} \${text}\`);`,
);

const IS_THE_NEW_VERSION = check(
  "After the upgrade the new version runs.",
  `const { SWEEP_URL, SWEEP_VERSION, SWEEP_BASE_VERSION } = process.env;
  const running = (await (await fetch(\`\${SWEEP_URL}/version\`)).text()).trim();
  if (running !== SWEEP_VERSION)
    throw new Error(\`\${running} runs after the upgrade from \${SWEEP_BASE_VERSION} to \${SWEEP_VERSION}\`);`,
);

const KEEPS_A_NOTE = check(
  "A note that was put can be read. Exit 77, with a last line that says why, would skip this test.",
  `const note = \`\${process.env.SWEEP_URL}/notes/from-a-test\`;
  await fetch(note, { method: "PUT", body: "remember me" });
  const text = await (await fetch(note)).text();
  if (text !== "remember me") throw new Error(\`the note says \${JSON.stringify(text)}\`);`,
);

function expectAnswer(promise: string): string {
  return check(
    promise,
    `const answer = await fetch(\`\${process.env.SWEEP_URL}/health\`);
  if (!answer.ok) throw new Error(\`/health answers \${answer.status}\`);`,
  );
}

function ask(path: string): string {
  return `#!/usr/bin/env node
// Prints what the running app says of itself: the read-back that a promotion relies on.
ask().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});

// Below a package.json a file like this may be a module or not: \`import()\` is understood in both.
async function ask() {
  const { readFile } = await import("node:fs/promises");
  const url = (await readFile(\`\${process.env.SWEEP_DATA}/url\`, "utf8")).trim();
  const answer = await fetch(\`\${url}${path}\`);
  process.stdout.write(await answer.text());
}
`;
}

function check(promise: string, body: string): string {
  return `#!/usr/bin/env node
// ${promise}
check().catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});

async function check() {
  ${body}
}
`;
}
