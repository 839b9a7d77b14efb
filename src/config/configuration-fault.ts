import { createRedactor } from "../core/secrets/redactor.ts";
import { Fault } from "../fault.ts";

/** One fault in the configuration. */
export interface Problem {
  /** Relative to the configuration folder. */
  file: string;
  /** From 1. */
  line: number;
  /** From 1. */
  column: number;
  /** The key's path, `timeouts.deploy`; empty for the file as a whole. */
  key: string;
  found: string;
  allowed: string;
}

/** All faults of a configuration: one line each, in the order of the files. */
export class ConfigurationFault extends Fault {
  readonly problems: readonly Problem[];

  constructor(folder: string, problems: readonly Problem[]) {
    const count = problems.length === 1 ? "one fault" : `${problems.length} faults`;
    super(
      "configuration",
      [`${count} in the configuration ${folder}:`, ...problems.map(problemLine)].join("\n"),
      "correct them and start again; docs/configuration.md describes every key",
    );
    this.problems = problems;
  }
}

/** `sweep.yaml:7:3  timeouts.deploy: found "ten minutes"; allowed: a duration such as 90s, 10m, 1h30m`. */
function problemLine(problem: Problem): string {
  const key = problem.key === "" ? "" : `${problem.key}: `;
  const found = createRedactor().redact(problem.found);
  return `${problem.file}:${problem.line}:${problem.column}  ${key}found ${found}; allowed: ${problem.allowed}`;
}
