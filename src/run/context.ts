import type { Toolbox } from "../command/toolbox.ts";
import type { Config } from "../config/config.ts";
import type { Report } from "../core/records/report.ts";
import type { Clock, Log } from "../log.ts";
import type { StatePaths } from "../state/paths.ts";
import type { Progress } from "./progress.ts";

/** The context of every command; only `main.ts` makes one. */
export interface Context {
  config: Config;
  state: StatePaths;
  tools: Toolbox;
  /** The operator's home folder, which holds files of ssh and abra. */
  home: string;
  clock: Clock;
  log: Log;
  /** Aborted by Ctrl-C or TERM, with the signal's name as its reason. */
  signal: AbortSignal;
  progress: Progress;
  program: { name: string; version: string; node: string };
  trigger: Report["trigger"];
}
