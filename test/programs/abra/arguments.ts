import { fatal } from "./fatal.ts";

interface Shape {
  /** The least and the greatest number of positional arguments. */
  positional: [number, number];
  /** Long flags; the value says whether one takes a value. */
  flags: Record<string, "switch" | "value">;
  /** Whether everything after `--` belongs to a command that runs elsewhere. */
  passesCommand?: true;
}

const UPDATE_FLAGS = {
  force: "switch",
  "no-domain-checks": "switch",
  "no-converge-checks": "switch",
} as const;
const SNAPSHOT = { snapshot: "value" } as const;

/** Every command that is documented, with every flag that is documented for it. */
const COMMANDS: Record<string, Shape> = {
  "server add": { positional: [0, 0], flags: { local: "switch" } },
  "server ls": { positional: [0, 0], flags: { machine: "switch" } },
  "recipe lint": { positional: [1, 1], flags: { chaos: "switch" } },
  "app new": { positional: [1, 2], flags: { server: "value", domain: "value", secrets: "switch" } },
  "app secret generate": { positional: [1, 1], flags: { all: "switch", machine: "switch" } },
  "app secret insert": { positional: [4, 4], flags: { file: "switch" } },
  "app secret rm": { positional: [1, 1], flags: { all: "switch" } },
  "app deploy": { positional: [1, 2], flags: { ...UPDATE_FLAGS, chaos: "switch" } },
  "app upgrade": { positional: [1, 2], flags: UPDATE_FLAGS },
  "app undeploy": { positional: [1, 1], flags: {} },
  "app ps": { positional: [1, 1], flags: { machine: "switch" } },
  "app ls": { positional: [0, 0], flags: { status: "switch", machine: "switch" } },
  "app volume ls": { positional: [1, 1], flags: { force: "switch" } },
  "app volume rm": { positional: [1, 1], flags: { force: "switch" } },
  "app backup create": { positional: [1, 1], flags: SNAPSHOT },
  "app backup list": { positional: [1, 1], flags: SNAPSHOT },
  "app backup snapshots": { positional: [1, 1], flags: SNAPSHOT },
  "app restore": { positional: [1, 1], flags: SNAPSHOT },
  "app run": { positional: [2, 2], flags: { "no-tty": "switch" }, passesCommand: true },
  "app rm": { positional: [1, 1], flags: { force: "switch" } },
};

const ROOT_FLAGS: Shape["flags"] = { "no-input": "switch", offline: "switch", debug: "switch" };

export interface Call {
  command: string;
  words: string[];
  flags: Set<string>;
  values: Map<string, string>;
  /** What stands after `--`. */
  passed: string[];
}

/** Reads an argv. Whatever is not documented is refused, short flags among it: they collide. */
export function parseArguments(argv: readonly string[]): Call {
  const command = findCommand(argv);
  const shape = COMMANDS[command];
  if (shape === undefined) return fatal(`unknown command "${argv.join(" ")}" for "abra"`);
  const call: Call = { command, words: [], flags: new Set(), values: new Map(), passed: [] };
  readWords(withoutCommand(argv, command), shape, call);
  const [least, most] = shape.positional;
  if (call.words.length < least || call.words.length > most)
    fatal(`accepts between ${least} and ${most} arg(s), received ${call.words.length}`);
  return call;
}

function findCommand(argv: readonly string[]): string {
  const words = argv.filter((word) => !word.startsWith("-"));
  for (const length of [3, 2]) {
    const command = words.slice(0, length).join(" ");
    if (COMMANDS[command] !== undefined) return command;
  }
  return "";
}

function withoutCommand(argv: readonly string[], command: string): string[] {
  const pending = command.split(" ");
  return argv.filter((word) => {
    if (word !== pending[0]) return true;
    pending.shift();
    return false;
  });
}

function readWords(argv: readonly string[], shape: Shape, call: Call): void {
  const allowed = { ...shape.flags, ...ROOT_FLAGS };
  for (let index = 0; index < argv.length; index++) {
    const word = argv[index] ?? "";
    if (word === "--") {
      if (!shape.passesCommand) fatal("unexpected --");
      call.passed = argv.slice(index + 1);
      return;
    }
    if (!word.startsWith("-")) {
      call.words.push(word);
      continue;
    }
    if (!word.startsWith("--")) fatal(`unknown shorthand flag: '${word.slice(1, 2)}' in ${word}`);
    index += readFlag(word.slice(2), argv[index + 1], allowed, call);
  }
}

// Returns how many further words it has used.
function readFlag(text: string, following: string | undefined, allowed: Shape["flags"], call: Call): number {
  const [name = "", value] = text.split(/=(.*)/s);
  const kind = allowed[name];
  if (kind === undefined) return fatal(`unknown flag: --${name}`);
  if (kind === "switch") {
    if (value !== undefined) fatal(`invalid argument "${value}" for "--${name}" flag`);
    call.flags.add(name);
    return 0;
  }
  const given = value ?? following;
  if (given === undefined) return fatal(`flag needs an argument: --${name}`);
  call.values.set(name, given);
  return value === undefined ? 1 : 0;
}
