import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished } from "vitest";
import { endMarked, findMarked } from "../../src/command/process-group.ts";
import { SYSTEM_PATH } from "../../src/command/search-path.ts";
import { createToolbox } from "../../src/command/toolbox.ts";
import type { Commands } from "../../src/config/recipe-schema.ts";
import type { App, Source } from "../../src/core/app.ts";
import { createCommandDriver } from "../../src/driver/command/command-driver.ts";
import type { Driver } from "../../src/driver/driver.ts";
import { type RecordedStep, recordedStep } from "./recorded-step.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const SERVER = fileURLToPath(new URL("../programs/notes-server.mjs", import.meta.url));
const UNTIL_IT_LISTENS = 'until [ -e "$SWEEP_DATA/run/port" ]; do sleep 0.02; done';

/** The commands of an operator whose app is the notes server; a test replaces those it is about. */
export const NOTES_COMMANDS = {
  deploy: `setsid "$NODE" ${SERVER} "$SWEEP_DATA" "$SWEEP_VERSION" </dev/null >>"$SWEEP_DATA/log" 2>&1 & ${UNTIL_IT_LISTENS}`,
  undeploy: 'kill "$(cat "$SWEEP_DATA/run/pid")"; rm -r "$SWEEP_DATA/run"',
  url: 'echo "http://127.0.0.1:$(cat "$SWEEP_DATA/run/port")/"',
  version:
    'exec 3<>"/dev/tcp/127.0.0.1/$(cat "$SWEEP_DATA/run/port")"; printf "GET / HTTP/1.0\\r\\n\\r\\n" >&3; tail -n 1 <&3',
} satisfies Commands;

export const DEAF_DEPLOY = NOTES_COMMANDS.deploy.replace(
  '"$SWEEP_VERSION"',
  '"$SWEEP_VERSION" --ignores-term',
);

export interface CommandAppUnderTest {
  state: string;
  driver: Driver;
  app: App;
  source: Source;
  recorded: RecordedStep;
  appOf(recipe: string, instance: "cold" | "warm"): App;
  log(): string;
}

/** The driver with one recipe `notes`, real folders, and nothing left running when the test has finished. */
export function commandAppUnderTest(commands: Commands, limitMs?: number): CommandAppUnderTest {
  const root = temporaryFolder("command-driver");
  const state = join(root, "state");
  const folder = join(root, "recipes/notes");
  mkdirSync(folder, { recursive: true });
  mkdirSync(state, { recursive: true });
  onTestFinished(async () => {
    await endMarked(
      (environment) => environment.some((entry) => entry.startsWith(`SWEEP_DATA=${state}/`)),
      200,
    );
  });
  const driver = createCommandDriver({
    recipe: (name) => (name === "unknown" ? null : { commands, folder }),
    tools: createToolbox(SYSTEM_PATH),
    environment: { NODE: process.execPath },
    stateRoot: state,
  });
  const appOf = (recipe: string, instance: "cold" | "warm") => makeApp(state, recipe, instance);
  const recorded = recordedStep(root, limitMs === undefined ? {} : { limitMs });
  const log = () => readFileSync(join(root, "step.log"), "utf8");
  return { state, driver, app: appOf("notes", "cold"), source: release("1.0.0+v1"), recorded, appOf, log };
}

export function release(version: string, checkout = "/nonexistent"): Source {
  return { recipe: "notes", version, commit: "c".repeat(40), checkout, mirror: "/nonexistent" };
}

function makeApp(state: string, recipe: string, instance: "cold" | "warm"): App {
  const scratch = join(state, "scratch/run-1", `${instance}-${recipe}`);
  const domain = `${instance}-${recipe}.example.org`;
  return {
    recipe,
    instance,
    domain,
    stack: domain.replaceAll(".", "_"),
    run: "run-1",
    lane: { name: "main", server: "default", context: "default" },
    edge: { address: "127.0.0.1", port: 1, scheme: "http" },
    owner: "test",
    scratch,
    data: instance === "cold" ? join(scratch, "data") : join(state, "data", recipe),
    env: {},
    kept: null,
  };
}

/** The processes that were started with this variable. */
export function processesWith(variable: string): number[] {
  return findMarked((environment) => environment.includes(variable));
}
