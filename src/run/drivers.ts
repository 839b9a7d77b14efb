import { join } from "node:path";
import { readRecord } from "../canonical/store.ts";
import type { DriverName } from "../core/driver-traits.ts";
import type { Driver } from "../driver/driver.ts";
import type { Context } from "./context.ts";

/** Makes each driver once, when it is first needed. `folderOf` is a recipe's configuration folder. */
export function createDrivers(
  context: Context,
  folderOf: (recipe: string) => string,
): (name: DriverName) => Promise<Driver> {
  const made = new Map<DriverName, Promise<Driver>>();
  return (name) => {
    const driver = made.get(name) ?? MAKERS[name](context, folderOf);
    made.set(name, driver);
    return driver;
  };
}

type Maker = (context: Context, folderOf: (recipe: string) => string) => Promise<Driver>;

const MAKERS: Readonly<Record<DriverName, Maker>> = {
  command: async ({ config, state, tools }, folderOf) => {
    const { createCommandDriver } = await import("../driver/command/command-driver.ts");
    return createCommandDriver({
      recipe: (recipe) => {
        const commands = config.recipes.find((entry) => entry.recipe === recipe)?.commands ?? null;
        return commands && { commands, folder: folderOf(recipe) };
      },
      tools,
      environment: config.environment,
      stateRoot: state.root,
    });
  },
  swarm: async (context) => {
    const { createSwarmDriver } = await import("../driver/swarm/swarm-driver.ts");
    return createSwarmDriver(swarmOptions(context));
  },
  abra: async (context) => {
    const { createAbraDriver } = await import("../driver/abra/abra-driver.ts");
    const abraFolder = join(context.home, ".abra");
    return createAbraDriver({ ...swarmOptions(context), stateRoot: context.state.root, abraFolder });
  },
};

function swarmOptions(context: Context) {
  const { config, tools } = context;
  return {
    tools,
    home: context.home,
    crashLoop: config.crashLoop,
    snapshotHelper: config.snapshotHelper,
    adopted: (recipe: string) => adoptedObjects(context, recipe),
  };
}

function adoptedObjects({ state }: Context, recipe: string): readonly string[] {
  const reading = readRecord(state.canonical(recipe), recipe);
  return reading.state === "read" ? (reading.record.adoptedObjects ?? []) : [];
}
