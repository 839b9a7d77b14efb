import assert from "node:assert/strict";
import { missingTool } from "../../../src/core/cause/missing-tool.ts";
import { createRedactor } from "../../../src/core/secrets/redactor.ts";
import { escapeCode, escapeMarkdown } from "../../../src/core/text/escape-markdown.ts";
import { firstError } from "../../../src/core/text/first-error.ts";
import { oneLine } from "../../../src/core/text/one-line.ts";
import { firstError as firstErrorOfDocker, isSurroundings } from "../../../src/docker/failure.ts";
import { maskAddress, readAddress } from "../../../src/mirror/git-address.ts";
import { gitWords } from "../../../src/mirror/git-words.ts";
import { longInputs, shortInputs } from "../inputs.ts";
import type { FuzzedParser } from "../parser.ts";

const GRAMMAR = {
  samples: [
    "script: line 3: jq: command not found\n",
    "sh: 1: jq: not found\n",
    'exec: "restic": executable file not found in $PATH\n',
    "env: 'python3': No such file or directory\n",
    "./x: line 2: /opt/x: No such file or directory\n",
    "Traceback\n  _execute_child\nFileNotFoundError: [Errno 2] No such file or directory: 'x'\n",
    "git: 'lfs' is not a git command. See 'git --help'.\n",
    "remote: Not found.\nfatal: repository 'http://u:hunter22@x/' not found\n",
    'login token="s3cr3t-value" password: hunter22\n',
    "Creating network x\nError response from daemon: no space left on device\n",
    "https://robot:hunter22@git.example.org/x.git",
  ],
  pieces: [
    "error ",
    "fatal: ",
    ": ",
    "line 1: ",
    "1",
    "command not found",
    ": not found",
    "exec: ",
    "spawn ",
    " ENOENT",
    "https://",
    "://",
    "@",
    "token=",
    "secret: ",
    "password=",
    "authorization: bearer ",
    "packet: <",
    "\r",
    "12 %\r",
    "_execute_child ",
    "FileNotFoundError: ",
  ],
};
const SECRET = "correct-horse-battery";

/** What commands, tests and servers said: read for its first error, for missing tools and for secrets. */
export const OUTPUT: FuzzedParser = {
  name: "output of commands",
  inputs: shortInputs(GRAMMAR),
  long: longInputs(GRAMMAR),
  accepts: (text) => {
    for (const line of [firstError(text), firstErrorOfDocker(text)])
      assert.ok(line === null || (line === oneLine(line) && [...line].length <= 240));
    const tool = missingTool(text, 127);
    assert.ok(tool !== null && tool !== "", "exit 127 without a tool");
    assert.ok(!/[\n<>]/.test(escapeMarkdown(text).replace(/&[a-z]+;/g, "")));
    assert.ok(!escapeCode(text).includes("\n"));
    assertMasked(text);
    return missingTool(text, 0) !== null || isSurroundings(text);
  },
};

function assertMasked(text: string): void {
  const redactor = createRedactor();
  redactor.add(SECRET);
  const redacted = redactor.redact(`${text}${SECRET}${text}`);
  assert.ok(!redacted.includes(SECRET));
  assert.equal(typeof gitWords(text), "string");
  assert.equal(maskAddress(`https://a:b@x/ ${text}`).startsWith("https://***@x/"), true);
  if (!/^https?:\/\//i.test(text) || !URL.parse(text)?.password) return;
  const { shown, url } = readAddress(text);
  assert.equal(URL.parse(url)?.password, "");
  assert.match(shown, /^https?:\/\/\*\*\*@/);
}
