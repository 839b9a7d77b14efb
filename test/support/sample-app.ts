import { fileURLToPath } from "node:url";
import type { Commands } from "../../src/config/recipe-schema.ts";

/** The app itself: `SERVER DATA VERSION`. */
export const SERVER = fileURLToPath(new URL("../programs/sample-app.mjs", import.meta.url));
const BASH = "#!/usr/bin/env bash\nset -euo pipefail\n";

/** What the tests of the sample recipe share: `ask METHOD PATH [BODY]` prints the answer, whatever its status. */
const ASK = `ask() {
  local host=\${SWEEP_URL#http://} body=\${3-} answer
  exec 3<>"/dev/tcp/\${host%:*}/\${host##*:}"
  printf '%s %s HTTP/1.0\\r\\nContent-Length: %d\\r\\n\\r\\n%s' "$1" "$2" "\${#body}" "$body" >&3
  answer=$(cat <&3); exec 3>&-
  printf '%s' "\${answer#*$'\\r\\n\\r\\n'}"
}
`;

/** A test of the sample recipe: bash, with `ask`. */
export const test = (...lines: string[]) => `${BASH}${ASK}${lines.join("\n")}\n`;

/** A script without any means to reach the app. */
export const script = (...lines: string[]) => `${BASH}${lines.join("\n")}\n`;

/** A test that the app answers with the version that is tested. */
export const SAYS_ITS_VERSION = test(
  'found=$(ask GET /); [ "$found" = "$SWEEP_VERSION" ] || { echo "error: expected $SWEEP_VERSION, found $found"; exit 1; }',
);

/** Finds the sentinel. */
export const VERIFY = test(
  'found=$(ask GET /notes); [[ $found == *"the sentinel of $SWEEP_RECIPE"* ]] || { echo "error: the sentinel is gone"; exit 1; }',
);

/** What plants, finds and destroys the sentinel. */
export const DATA_TESTS: Readonly<Record<string, string>> = {
  "tests/data/seed": test('ask POST /notes "the sentinel of $SWEEP_RECIPE"'),
  "tests/data/verify": VERIFY,
  "tests/data/damage": test("ask DELETE /notes"),
};

/**
 * Starts the release of the checkout. What a release does differently stands in its `quirk.sh`, which is
 * sourced first and may set `flags`; what the operator's machine does differently, in `before-deploy.sh`.
 */
const DEPLOY = script(
  "flags=()",
  "[ ! -e ./before-deploy.sh ] || . ./before-deploy.sh",
  '[ ! -e "$SWEEP_CHECKOUT/quirk.sh" ] || . "$SWEEP_CHECKOUT/quirk.sh"',
  '[ ! -e "$SWEEP_DATA/run/pid" ] || ./undeploy',
  `setsid "$NODE" "\${SERVER:-${SERVER}}" "$SWEEP_DATA" "$(cat "$SWEEP_CHECKOUT/version")" "\${flags[@]}" </dev/null >>"$SWEEP_DATA/app.log" 2>&1 &`,
  'until [ -e "$SWEEP_DATA/run/port" ]; do kill -0 $!; sleep 0.01; done',
);

const UNDEPLOY = script(
  'pid=$(cat "$SWEEP_DATA/run/pid")',
  // A loss of power leaves it empty.
  'if [ -n "$pid" ]; then',
  '  kill "$pid" 2>/dev/null || true',
  // `kill -0` would succeed on a zombie that nobody has reaped yet.
  '  while grep -qs . "/proc/$pid/cmdline"; do sleep 0.01; done',
  "fi",
  'rm -r "$SWEEP_DATA/run"',
);

/** The commands of the sample recipe, and the scripts that they call. */
export const COMMANDS = {
  deploy: "./deploy",
  undeploy: "./undeploy",
  url: 'echo "http://127.0.0.1:$(cat "$SWEEP_DATA/run/port")"',
  version:
    'exec 3<>"/dev/tcp/127.0.0.1/$(cat "$SWEEP_DATA/run/port")"; printf "GET /version HTTP/1.0\\r\\n\\r\\n" >&3; tail -n 1 <&3',
  backup: 'cp "$SWEEP_DATA/notes.txt" "$SWEEP_BACKUP/"',
  restore: 'cp "$SWEEP_BACKUP/notes.txt" "$SWEEP_DATA/"',
  logs: 'cat "$SWEEP_DATA/app.log"',
} satisfies Commands;

export const SCRIPTS: Readonly<Record<string, string>> = { deploy: DEPLOY, undeploy: UNDEPLOY };
