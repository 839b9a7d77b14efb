import type { Driver, DriverName } from "../driver/driver.ts";
import type { Context } from "./context.ts";

/** Makes each driver once, when it is first needed. `folderOf` is a recipe's configuration folder. */
export function createDrivers(
  context: Context,
  folderOf: (recipe: string) => string,
): (name: DriverName) => Promise<Driver> {
  const made = new Map<DriverName, Promise<Driver>>();
  return (name) => {
    const driver = made.get(name) ?? makeDriver(name, context, folderOf);
    made.set(name, driver);
    return driver;
  };
}

async function makeDriver(
  name: DriverName,
  context: Context,
  folderOf: (recipe: string) => string,
): Promise<Driver> {
  const { config, tools, state } = context;
  switch (name) {
    case "command": {
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
    }
    case "swarm":
    case "abra":
      throw new Error(`${name}: not wired yet`);
  }
}
