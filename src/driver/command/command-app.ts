import type { Toolbox } from "../../command/toolbox.ts";
import type { Commands } from "../../config/recipe-schema.ts";
import type { App, Source } from "../../core/app.ts";

/** What the operator's commands need to know of an app; a note of an earlier run has no more than this. */
export type CommandApp = Pick<
  App,
  "recipe" | "instance" | "domain" | "stack" | "run" | "edge" | "scratch" | "data" | "env" | "kept"
>;

/** What a command acts on: a release, or what a note says of the one that was deployed. */
export type CommandSource = Pick<Source, "version" | "commit"> & { checkout: string | null };

export interface CommandDriverOptions {
  /** The commands of a recipe and its configuration folder, absolute; null where it has no commands. */
  recipe(name: string): { commands: Commands; folder: string } | null;
  tools: Toolbox;
  /** `environment:` of `sweep.yaml`. */
  environment: Readonly<Record<string, string>>;
  /** The state folder, absolute: nothing outside of it is ever deleted. */
  stateRoot: string;
}
