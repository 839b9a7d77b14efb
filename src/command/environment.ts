/** Sources for the values of a child's environment: nothing else of the surroundings reaches a program. */
export interface Origins {
  /** `path:` of sweep.yaml, then the system's folders. */
  searchPath: string;
  /** The operator's home folder: Docker's contexts and credentials, the keys of ssh, abra's servers. */
  home: string;
  /** The folder that abra uses as its own, below the state folder. */
  abraFolder: string;
  /** Settings that override git's files: `[name, value]`. Credentials are here because an argv would show them. */
  gitSettings: readonly (readonly [string, string])[];
  /** `1`: git prints each line that a server sends; null: it does not. */
  tracePackets: "1" | null;
  /** The id of a run, which identifies its processes; null outside of runs. */
  run: string | null;
  /** The trigger of a sweep, for its report; null if unknown. */
  trigger: string | null;
  /** The socket of the service manager. */
  notifySocket: string;
  /** One process of a load: its name, its folder, and the process with which it ends. */
  load: string;
  folder: string;
  parent: string;
}

/** A constant value, or the origin of a value. */
type Source = { readonly is: string } | { readonly from: keyof Origins };

const SEARCH_PATH = { from: "searchPath" } as const;
const HOME = { from: "home" } as const;
const PLAIN = { is: "C" } as const;
const GIT = {
  PATH: SEARCH_PATH,
  HOME: { is: "/nonexistent" },
  LC_ALL: PLAIN,
  GIT_CONFIG_NOSYSTEM: { is: "1" },
  GIT_CONFIG_GLOBAL: { is: "/dev/null" },
} as const;

/**
 * The variables of each program that this one starts; nothing else reaches it. Tests and the operator's own commands
 * are not listed here: the contract defines theirs, with `sweep.yaml`.
 */
const LISTS = {
  abra: {
    PATH: SEARCH_PATH,
    HOME,
    ABRA_DIR: { from: "abraFolder" },
    SHELL: { is: "/bin/sh" },
    // It renders with terminal libraries and translates: these make a wide dumb terminal in plain English.
    NO_COLOR: { is: "1" },
    TERM: { is: "dumb" },
    LANG: PLAIN,
    COLUMNS: { is: "1000" },
  },
  /** Docker, and bash where Docker is part of a pipe. Its credential programs are the operator's, found by PATH. */
  docker: { PATH: SEARCH_PATH, HOME, LC_ALL: PLAIN, SWEEP_RUN: { from: "run" } },
  /** Tools that look at volumes and copy them, in a jail. */
  jail: { PATH: SEARCH_PATH, LC_ALL: PLAIN },
  /** cp, sync, and the tools with which the demo makes its image. */
  copying: { PATH: SEARCH_PATH, LC_ALL: PLAIN },
  flock: {},
  git: { ...GIT, GIT_LFS_SKIP_SMUDGE: { is: "1" }, GIT_OPTIONAL_LOCKS: { is: "0" } },
  /** git when it asks another machine: it never prompts. */
  gitNetwork: {
    ...GIT,
    HOME,
    GIT_LFS_SKIP_SMUDGE: { is: "1" },
    GIT_TERMINAL_PROMPT: { is: "0" },
    GIT_ALLOW_PROTOCOL: { is: "http:https:ssh:git:file" },
    GIT_SSH_COMMAND: {
      is: "ssh -o BatchMode=yes -o ConnectTimeout=15 -o ServerAliveInterval=10 -o ServerAliveCountMax=2",
    },
    GIT_CONFIG: { from: "gitSettings" },
    GIT_TRACE_PACKET: { from: "tracePackets" },
  },
  load: {
    SWEEP_RUN: { from: "run" },
    SWEEP_LOAD: { from: "load" },
    SWEEP_SCRATCH: { from: "folder" },
    PARENT: { from: "parent" },
  },
  /** Any tool when it is asked for its version. */
  probe: {
    PATH: SEARCH_PATH,
    HOME: { is: "/nonexistent" },
    LANG: PLAIN,
    NO_COLOR: { is: "1" },
    TERM: { is: "dumb" },
  },
  /** In a jail, where only the store can hold files. */
  restic: {
    PATH: SEARCH_PATH,
    HOME: { is: "/store" },
    TMPDIR: { is: "/store" },
    LC_ALL: PLAIN,
    RESTIC_PASSWORD_FILE: { is: "/store/password" },
  },
  /** This program, started by the daemon. */
  sweep: {
    PATH: SEARCH_PATH,
    HOME,
    LANG: { is: "C.UTF-8" },
    CANONICAL_SWEEP_TRIGGER: { from: "trigger" },
  },
  /** systemctl, timedatectl. */
  systemd: { PATH: SEARCH_PATH, LANG: PLAIN },
  systemdNotify: { NOTIFY_SOCKET: { from: "notifySocket" } },
  tar: { PATH: SEARCH_PATH, LANG: { is: "C.UTF-8" } },
} as const satisfies Readonly<Record<string, Readonly<Record<string, Source>>>>;

export type Program = keyof typeof LISTS;

type SourceIn<P extends Program> = (typeof LISTS)[P][keyof (typeof LISTS)[P]];
/** The origins that a program's list uses. */
type Taken<P extends Program> = Pick<Origins, Extract<SourceIn<P>, { from: keyof Origins }>["from"]>;

/**
 * The complete environment of a child. Only this file makes one: the code that starts processes accepts no record of
 * variables, and no spread of one.
 */
export class Environment {
  readonly #variables: Readonly<Record<string, string>>;

  private constructor(variables: Readonly<Record<string, string>>) {
    this.#variables = variables;
  }

  /** The variables in a program's list, and nothing else. */
  static of<P extends Program>(program: P, origins: Taken<P>): Environment {
    const list: Readonly<Record<string, Source>> = LISTS[program];
    const given: Partial<Origins> = origins;
    return new Environment(
      Object.fromEntries(Object.entries(list).flatMap(([name, source]) => valuesOf(name, source, given))),
    );
  }

  /** The variables that the contract gives to a test, a setup, a health command or a command of the command driver. */
  static ofOperator(variables: Readonly<Record<string, string>>): Environment {
    return new Environment({ ...variables });
  }

  /** The same with the marks that identify a child and the processes that it leaves behind. */
  marked(run: string, step: string): Environment {
    return new Environment({ SWEEP_RUN: run, ...this.#variables, SWEEP_STEP: step });
  }

  /** A copy, by name. */
  get variables(): Record<string, string> {
    return { ...this.#variables };
  }
}

function valuesOf(name: string, source: Source, given: Partial<Origins>): [string, string][] {
  if ("is" in source) return [[name, source.is]];
  const value = given[source.from];
  if (value === null || value === undefined) return [];
  return typeof value === "string" ? [[name, value]] : numbered(name, value);
}

/** git's own form for settings in its environment. */
function numbered(name: string, settings: Origins["gitSettings"]): [string, string][] {
  const entries = settings.flatMap(([key, value], index): [string, string][] => [
    [`${name}_KEY_${index}`, key],
    [`${name}_VALUE_${index}`, value],
  ]);
  return [[`${name}_COUNT`, String(settings.length)], ...entries];
}
