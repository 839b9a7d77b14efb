export const CONTROL_RECIPE = "control";
export const CONTROL_VERSION = "1.0.0+1";

const BASH = "#!/usr/bin/env bash\nset -euo pipefail\n";

const SERVER = `import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
const [data, version] = process.argv.slice(2);
const server = createServer((_, response) => response.end(version));
process.on("SIGTERM", () => process.exit(0));
server.listen(0, "127.0.0.1", () => {
  writeFileSync(join(data, "version"), version);
  writeFileSync(join(data, "url"), "http://127.0.0.1:" + server.address().port);
});
`;

/** The control recipe of the command driver: a server of ten lines, and everything to deploy and test it. */
export const CONTROL_FILES: Readonly<Record<string, string>> = {
  deploy: `${BASH}cd "$SWEEP_DATA"
setsid "$CONTROL_NODE" "$SWEEP_CHECKOUT/server.mjs" "$SWEEP_DATA" "$SWEEP_VERSION" </dev/null >log 2>&1 &
echo $! >pid
until [ -s url ]; do kill -0 $!; sleep 0.02; done
`,
  undeploy: `${BASH}cd "$SWEEP_DATA"
[ -e pid ] || exit 0
kill "$(cat pid)" 2>/dev/null || true
while grep -qs . "/proc/$(cat pid)/cmdline"; do sleep 0.02; done
rm -f pid url version
`,
  "tests/install/answers": `${BASH}address=\${SWEEP_URL#http://}
exec 3<>"/dev/tcp/\${address%:*}/\${address##*:}"
printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&3
[ "$(tail -n 1 <&3)" = "$SWEEP_VERSION" ]
`,
};

/** Its upstream, in the form for `git fast-import`. */
export const CONTROL_HISTORY = `commit refs/heads/main
committer canonical-sweep <control@invalid> 1767225600 +0000
data 7
control
M 100644 inline server.mjs
data ${Buffer.byteLength(SERVER)}
${SERVER}
tag ${CONTROL_VERSION}
from refs/heads/main
tagger canonical-sweep <control@invalid> 1767225600 +0000
data 7
control
done
`;
