import type { Step } from "../../command/step.ts";
import type { Toolbox } from "../../command/toolbox.ts";
import type { Commands } from "../../config/recipe-schema.ts";
import type { App, Source } from "../../core/app.ts";

/** The parts of an app that the operator's commands need; a note of an earlier run has only these. */
export type CommandApp = Pick<
  App,
  "recipe" | "instance" | "domain" | "stack" | "run" | "edge" | "scratch" | "data" | "env" | "kept"
>;

/** The subject of a command: a release, or the deployed one according to a note. */
export type CommandSource = Pick<Source, "version" | "commit"> & { checkout: string | null };

export interface CommandDriverOptions {
  /** A recipe's commands and configuration folder, absolute; null if it has no commands. */
  recipe(name: string): { commands: Commands; folder: string } | null;
  tools: Toolbox;
  /** `environment:` of `sweep.yaml`. */
  environment: Readonly<Record<string, string>>;
  /** The state folder, absolute: nothing outside of it is ever deleted. */
  stateRoot: string;
}

/** What every act of this driver gets: its settings, the app, the release it is about, and the step it belongs to. */
export interface Act {
  options: CommandDriverOptions;
  app: CommandApp;
  /** Null if the release is not known. */
  source: CommandSource | null;
  step: Step;
}
