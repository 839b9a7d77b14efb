import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What each program was started with. */
export interface SeenEnvironments {
  /** The folder of the stand-ins, for `path:`. */
  bin: string;
  /** A script of sh that notes what it was started with, under this name. */
  noting(name: string): string;
  /** The names of all variables that a program ever saw; empty where it never ran. */
  names(program: string): string[];
  /** The working directories that it ever had. */
  folders(program: string): string[];
  /** The values that a program saw of a variable. */
  values(program: string, variable: string): string[];
}

/**
 * Puts a stand-in before each of these programs, which notes its environment and becomes the program: that of the
 * system, or the one that `elsewhere` names.
 */
export function seeEnvironments(
  root: string,
  programs: readonly string[],
  elsewhere: Readonly<Record<string, string>> = {},
): SeenEnvironments {
  const [bin, seen] = [join(root, "stand-ins"), join(root, "seen")];
  mkdirSync(bin);
  mkdirSync(seen);
  const noting = (name: string) =>
    `{ echo "cwd=$(/usr/bin/readlink /proc/$$/cwd)"; /usr/bin/tr '\\n\\0' ' \\n' </proc/$$/environ; } >>'${join(seen, name)}'\n`;
  for (const name of programs) {
    const real = elsewhere[name] ?? [`/usr/bin/${name}`, `/bin/${name}`].find((path) => existsSync(path));
    writeFileSync(join(bin, name), `#!/bin/sh\n${noting(name)}exec ${real} "$@"\n`);
    chmodSync(join(bin, name), 0o755);
  }
  const pairs = (name: string) =>
    (existsSync(join(seen, name)) ? readFileSync(join(seen, name), "utf8") : "")
      .split("\n")
      .filter((line) => line !== "")
      .map((line): [string, string] => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]);
  const valuesOf = (program: string, variable: string) => [
    ...new Set(pairs(program).flatMap(([name, value]) => (name === variable ? [value] : []))),
  ];
  return {
    bin,
    noting,
    names: (program) => {
      const names = pairs(program).map(([name]) => name);
      return [...new Set(names)].filter((name) => name !== "cwd").sort();
    },
    folders: (program) => valuesOf(program, "cwd"),
    values: valuesOf,
  };
}

/** What each program may see; told a second time, so that a longer list is a decision. */
export const MAY_SEE: Readonly<Record<string, readonly string[]>> = {
  // The shell between abra and its terminal sets PWD.
  abra: ["ABRA_DIR", "COLUMNS", "HOME", "LANG", "NO_COLOR", "PATH", "PWD", "SHELL", "TERM"],
  cp: ["LC_ALL", "PATH"],
  docker: ["HOME", "LC_ALL", "PATH"],
  flock: [],
  git: [
    "GIT_ALLOW_PROTOCOL",
    "GIT_CONFIG_COUNT",
    "GIT_CONFIG_GLOBAL",
    "GIT_CONFIG_NOSYSTEM",
    "GIT_LFS_SKIP_SMUDGE",
    "GIT_OPTIONAL_LOCKS",
    "GIT_SSH_COMMAND",
    // git gives it to git.
    "GIT_TEST_DISALLOW_ABBREVIATED_OPTIONS",
    "GIT_TERMINAL_PROMPT",
    "HOME",
    "LC_ALL",
    "PATH",
  ],
  unshare: ["HOME", "LC_ALL", "PATH", "RESTIC_PASSWORD_FILE", "TMPDIR"],
  sync: ["LC_ALL", "PATH"],
  tar: ["LANG", "PATH"],
};

/** The marks of a run, which every child of a step has; and what a probe for a version has. */
const ALWAYS = ["SWEEP_RUN", "SWEEP_STEP", "HOME", "PATH", "LANG", "NO_COLOR", "TERM"];

/** What a program saw beyond its list. */
export function seenBeyond(seen: SeenEnvironments, program: string): string[] {
  const allowed = [...(MAY_SEE[program] ?? []), ...ALWAYS];
  return seen
    .names(program)
    .filter((name) => !allowed.includes(name) && !/^GIT_CONFIG_(KEY|VALUE)_[0-5]$/.test(name));
}

/** Variables by which programs are led elsewhere, or start code; `evil` is a file of bash, `folder` one of an attacker. */
export function hostileVariables(evil: string, folder: string): Record<string, string> {
  return {
    BASH_ENV: evil,
    ENV: evil,
    LD_PRELOAD: `${folder}/evil.so`,
    LD_LIBRARY_PATH: folder,
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: "core.sshCommand",
    GIT_CONFIG_VALUE_0: `bash ${evil}`,
    GIT_SSH_COMMAND: `bash ${evil}`,
    GIT_EXTERNAL_DIFF: evil,
    GIT_DIR: folder,
    GIT_EXEC_PATH: folder,
    RESTIC_PASSWORD_COMMAND: `bash ${evil}`,
    RESTIC_REPOSITORY: `${folder}/store`,
    DOCKER_HOST: "tcp://127.0.0.1:1",
    DOCKER_CONFIG: folder,
    DOCKER_CONTEXT: "evil",
    DOCKER_CLI_PLUGIN_EXTRA_DIRS: folder,
    XDG_CONFIG_HOME: folder,
    XDG_RUNTIME_DIR: folder,
    SHELLOPTS: "braceexpand",
    PS4: `$(bash ${evil})`,
    PROMPT_COMMAND: `bash ${evil}`,
    http_proxy: "http://127.0.0.1:1",
    HTTPS_PROXY: "http://127.0.0.1:1",
    ALL_PROXY: "http://127.0.0.1:1",
    SSL_CERT_FILE: `${folder}/evil.pem`,
    GODEBUG: "netdns=go",
    TMPDIR: folder,
    NODE_OPTIONS: "--no-warnings",
    ABRA_DIR: folder,
    TAR_OPTIONS: `--checkpoint=1 --checkpoint-action=exec=bash\\ ${evil}`,
    PERL5OPT: `-d:${folder}`,
    LS_COLORS: "x",
  };
}
