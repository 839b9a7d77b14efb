import { describe, expect, it } from "vitest";
import { missingTool } from "../../src/core/cause/missing-tool.ts";

describe("missing-tool: a tool that is missing is found", () => {
  it.each([
    ["bash", "bash: line 1: jq: command not found", 127, "jq"],
    ["a script of bash", "tests/custom/login: line 3: python3: command not found\nred", 1, "python3"],
    ["an interactive bash", "bash: jq: command not found", 127, "jq"],
    ["dash", "sh: 1: jq: not found", 127, "jq"],
    ["exec in dash", "/srv/tests/install/a: 4: exec: restic: not found", 127, "restic"],
    ["a program in Go", 'Error: exec: "restic": executable file not found in $PATH', 1, "restic"],
    ["env", "/usr/bin/env: ‘python3’: No such file or directory", 127, "python3"],
    ["env in C", "env: 'node': No such file or directory", 127, "node"],
    [
      "an interpreter",
      "bash: ./a.py: /usr/bin/python3: bad interpreter: No such file or directory",
      126,
      "/usr/bin/python3",
    ],
    ["timeout", "timeout: failed to run command ‘psql’: No such file or directory", 127, "psql"],
    ["setsid", "setsid: failed to execute caddy: No such file or directory", 127, "caddy"],
    ["a program in Node", "Error: spawn ffmpeg ENOENT\n    at Process.onexit", 1, "ffmpeg"],
    ["git", "git: 'lfs' is not a git command. See 'git --help'.", 1, "git-lfs"],
    [
      "git-lfs as a filter",
      "git-lfs filter-process: 1: git-lfs: not found\nfatal: the remote end hung up",
      128,
      "git-lfs",
    ],
    [
      "a path in bash",
      "bash: line 1: /opt/bin/deployer: No such file or directory",
      127,
      "/opt/bin/deployer",
    ],
    [
      "subprocess in Python",
      "  in _execute_child\n    raise child(\nFileNotFoundError: [Errno 2] No such file or directory: 'psql'",
      1,
      "psql",
    ],
    ["an output that hides it, with exit 0", "sh: 1: tput: not found\ndone", 0, "tput"],
    ["silence with exit 127", "", 127, "a tool that it did not name"],
  ])("in the words of %s", (_who, output, exitCode, tool) => {
    expect(missingTool(output, exitCode)).toBe(tool);
  });
});

describe("missing-tool: an app's words about its own things name no missing tool", () => {
  it.each([
    ["cat: /data/config.json: No such file or directory", 1],
    ["bash: line 1: /data/settings: No such file or directory", 1],
    ["FileNotFoundError: [Errno 2] No such file or directory: 'settings.toml'", 1],
    ["ENOENT: no such file or directory, open '/data/app.ini'", 1],
    ["GET /favicon.ico: 404 page not found", 1],
    ['pq: relation "users" not found', 1],
    ["error: service app: not found", 1],
    ["Error: image gitea/gitea:9 not found", 1],
    ["", 1],
    ["", null],
  ])("%s", (output, exitCode) => {
    expect(missingTool(output, exitCode)).toBeNull();
  });
});
