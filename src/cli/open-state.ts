import { resolve } from "node:path";
import type { Config } from "../config/config.ts";
import { Fault } from "../fault.ts";
import { usableFolder } from "../state/folder-name.ts";
import { type StatePaths, statePaths } from "../state/paths.ts";

import { configOf } from "./context.ts";
import type { Invocation } from "./invocation.ts";

export interface OpenState {
  state: StatePaths;
  /** Null if --state was given and the configuration cannot be read: then it is not needed. */
  config: Config | null;
  /** Why there is no configuration. */
  problem: string | null;
}

/**
 * The state folder, for commands that only read it. With --state they work even if the configuration is missing or
 * faulty; without it the configuration names the state folder, and its faults are thrown.
 */
export function openState(invocation: Invocation): OpenState {
  const { global, surroundings } = invocation;
  try {
    const config = configOf(invocation);
    return { state: statePaths(config.state), config, problem: null };
  } catch (error) {
    if (!(error instanceof Fault) || global.state === null) throw error;
    const root = usableFolder("the state folder", resolve(surroundings.cwd, global.state));
    return { state: statePaths(root), config: null, problem: error.message };
  }
}
