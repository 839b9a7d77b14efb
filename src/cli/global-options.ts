import type { OptionDefinition } from "./definition.ts";
import type { GlobalOptions } from "./invocation.ts";

/** Accepted before and after the command. */
export const GLOBAL_OPTIONS: readonly OptionDefinition[] = [
  {
    flags: "--config <DIR>",
    about:
      "the folder of sweep.yaml (default: $CANONICAL_SWEEP_CONFIG, then this folder if it holds sweep.yaml, then /etc/canonical-sweep)",
    completes: "file",
  },
  { flags: "--state <DIR>", about: "the state folder (default: `state` of sweep.yaml)", completes: "file" },
  { flags: "--json", about: "print the result as one JSON document" },
  { flags: "--quiet", about: "log errors only" },
  { flags: "--verbose", about: "log every step" },
];

export function globalOptions(values: Readonly<Record<string, unknown>>): GlobalOptions {
  const text = (name: string) => (typeof values[name] === "string" ? values[name] : null);
  return {
    config: text("config"),
    state: text("state"),
    json: values.json === true,
    quiet: values.quiet === true,
    verbose: values.verbose === true,
  };
}
