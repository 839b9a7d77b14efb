const HEAD = "#!/usr/bin/env bash\nset -euo pipefail\n";

/** Shared by the scripts of a sample recipe: asks the app with no tool but bash. */
export const HTTP = `# ask METHOD PATH [BODY]: prints what the app answers; fails unless that is 200.
ask() {
  if [ -z "$SWEEP_URL" ]; then echo "error: the app does not run" >&2; return 1; fi
  local host=\${SWEEP_URL#http://} body=\${3-} address answer
  address=\${DEMO_EDGE:-$host}
  exec 3<>"/dev/tcp/\${address%:*}/\${address##*:}"
  printf '%s %s HTTP/1.0\\r\\nHost: %s\\r\\nContent-Length: %d\\r\\n\\r\\n%s' "$1" "$2" "$host" "\${#body}" "$body" >&3
  answer=$(cat <&3; printf .)
  exec 3>&-
  if [[ $answer != HTTP/1.?' 200'* ]]; then
    printf 'error: %s %s was answered with: %s\\n' "$1" "$2" "\${answer%%$'\\r'*}" >&2
    return 1
  fi
  answer=\${answer#*$'\\r\\n\\r\\n'}
  printf '%s\\n' "\${answer%.}"
}

# expect FOUND WANTED: fails unless WANTED stands in FOUND.
expect() {
  [[ $1 == *"$2"* ]] && return
  printf 'error: expected "%s", found "%s"\\n' "$2" "$1" >&2
  return 1
}
`;

/** An example of an operator's own deployer: `control deploy`, `control undeploy` … */
export const CONTROL = `${HEAD}source ./http.sh
run=$SWEEP_DATA/run

is_ours() { grep -qszxF "SWEEP_DATA=$SWEEP_DATA" "/proc/$1/environ"; }

stop() {
  local pid
  pid=$(cat "$run/pid" 2>/dev/null) || return 0
  if is_ours "$pid"; then kill "$pid"; fi
  while is_ours "$pid"; do sleep 0.02; done
  rm -rf "$run"
}

# In a session of its own the app outlives this command; what stayed in our group would be ended with it.
start() {
  stop
  if [ -x ./before-start ]; then ./before-start; fi
  setsid env DEMO_ROLE=server "$DEMO_NODE" "$DEMO_SERVER" "$SWEEP_CHECKOUT/app.json" "$SWEEP_DATA" \\
    </dev/null >>"$SWEEP_DATA/app.log" 2>&1 &
  until [ -e "$run/url" ]; do
    kill -0 $! 2>/dev/null || { tail -n 3 "$SWEEP_DATA/app.log" >&2; exit 1; }
    sleep 0.02
  done
}

list() {
  local environ
  for environ in $(grep -lszxF DEMO_ROLE=server /proc/[0-9]*/environ || true); do
    tr '\\0' '\\n' <"$environ" 2>/dev/null | grep '^SWEEP_DATA=' || true
  done
}

SWEEP_URL=$(cat "$run/url" 2>/dev/null || true)
case $1 in
  deploy) start ;;
  undeploy) stop ;;
  version) ask GET /version ;;
  url) cat "$run/url" ;;
  backup) ask GET /notes >"$SWEEP_BACKUP/notes.txt" ;;
  restore) ask PUT /notes "$(cat "$SWEEP_BACKUP/notes.txt")" ;;
  logs) cat "$SWEEP_DATA/app.log" ;;
  inventory) list ;;
esac
`;

const test = (...lines: string[]) => `${HEAD}source ./http.sh\n${lines.join("\n")}\n`;

/** The tests of every sample recipe, by their path in the recipe's folder. */
export const COMMON_TESTS: Readonly<Record<string, string>> = {
  "tests/install/says-its-version": test('expect "$(ask GET /)" "$SWEEP_RECIPE $SWEEP_VERSION"'),
  "tests/custom/takes-a-note": test(
    'ask POST /notes "taken by $SWEEP_RUN"',
    'expect "$(ask GET /notes)" "taken by $SWEEP_RUN"',
  ),
};

/** Tests that plant the sentinel, find it again and destroy it. */
export const DATA_TESTS: Readonly<Record<string, string>> = {
  "tests/data/seed": test('ask POST /notes "the sentinel of $SWEEP_RECIPE"'),
  "tests/data/verify": test('expect "$(ask GET /notes)" "the sentinel of $SWEEP_RECIPE"'),
  "tests/data/damage": test("ask DELETE /notes"),
};

/** A test that calls a tool that no machine has. */
export const TEST_WITH_MISSING_TOOL = test('demo-search-probe --url "$SWEEP_URL"');

/** A test for an open pull request: on any release it is red by construction. */
export const TEST_OF_PULL_REQUEST = test('expect "$(ask GET /login)" "the new login"');

/** The warm app's settings are read-only, as a mounted configuration is. */
export const READ_ONLY_SETTINGS = `${HEAD}if [ "$SWEEP_INSTANCE" = warm ]; then
  touch "$SWEEP_DATA/settings.json"
  chmod 0444 "$SWEEP_DATA/settings.json"
fi
`;

/** The warm app is configured for a path that nobody requests. */
export const WRONG_BASE_PATH = `${HEAD}if [ "$SWEEP_INSTANCE" = warm ]; then echo /board >"$SWEEP_DATA/base-path"; fi
`;
