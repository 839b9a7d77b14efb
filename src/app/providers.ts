import type { Step } from "../command/step.ts";
import type { Requirement } from "../config/recipe-schema.ts";
import { type ActResult, describeFailure, type Failure, fail, failed } from "../core/act.ts";
import { BOUNDS, pastBound } from "../core/bounds.ts";
import { urlOf } from "../edge/probe.ts";
import { runExecutable, type TestRun, type TestSubject } from "./run-test.ts";
import type { AppUnderTest, Deployed } from "./under-test.ts";

/** An answering provider, for one app that requires it. */
export interface Provider {
  requirement: Requirement;
  url: string;
  /** The provider's app if it was deployed for this test, to be removed afterwards; else null. */
  ephemeral: { underTest: AppUnderTest; deployed: Deployed } | null;
}

/**
 * Runs a provider's `setup` for the app and returns its printed `KEY=value` lines, for the app's env. A failure counts
 * against the provider, never the recipe.
 */
export async function setUpProvider(
  underTest: AppUnderTest,
  provider: Pick<Provider, "requirement" | "url">,
  step: Step,
): Promise<ActResult<Record<string, string>>> {
  const { setup, recipe } = provider.requirement;
  if (setup === undefined) return { ok: true, value: {} };
  const extra = { SWEEP_PROVIDER_URL: provider.url };
  const run = await runExecutable(underTest, setup, setup, noSubject(), extra, withoutValues(step));
  const variables = parseLines(run.stdout);
  const problem = problemOf(variables);
  if (problem !== null) return fail("machinery", "requires", `${recipe}: ${setup} ${problem}`);
  for (const value of Object.values(variables)) step.secret(value);
  if (run.failure?.cause === "interrupted") return failed(run.failure);
  if (run.end.status !== "passed")
    return fail("machinery", "requires", `${recipe}: ${setup} failed: ${reasonOf(run)}`);
  return { ok: true, value: variables };
}

/** Runs a provider's `teardown`, which removes the work of `setup`. Returns the problem, or null. */
export async function tearDownProvider(
  underTest: AppUnderTest,
  provider: Pick<Provider, "requirement" | "url">,
  step: Step,
): Promise<Failure | null> {
  const { teardown, recipe } = provider.requirement;
  if (teardown === undefined) return null;
  const run = await runExecutable(
    underTest,
    teardown,
    teardown,
    noSubject(),
    { SWEEP_PROVIDER_URL: provider.url },
    step,
  );
  if (run.end.status === "passed") return null;
  return { cause: "machinery", step: "requires", message: `${recipe}: ${teardown} failed: ${reasonOf(run)}` };
}

// For a time-out, this includes the last line seen.
function reasonOf({ end, failure }: TestRun): string {
  return failure === null ? (end.reason ?? end.status) : describeFailure(failure);
}

/** The base URL of a deployed provider. */
export function providerUrl(deployed: Pick<Deployed, "target">): string {
  return urlOf(deployed.target);
}

function noSubject(): TestSubject {
  return { version: "", tier: "", target: null };
}

const VARIABLE = /^\s*([A-Za-z_][A-Za-z0-9_]*)=(.*)$/;

// Output of a setup is logged before its secrets are known, so the log has only the names of its variables.
function withoutValues(step: Step): Step {
  return { ...step, say: (line) => step.say(line.replace(VARIABLE, "  $1=***")) };
}

// An app cannot start with variables that no process can receive.
function problemOf(variables: Readonly<Record<string, string>>): string | null {
  const { length } = Object.keys(variables);
  if (length > BOUNDS.setupVariables) return pastBound("printed", length, BOUNDS.setupVariables, "variables");
  const bytes = Buffer.byteLength(Object.values(variables).join(""));
  if (bytes > BOUNDS.setupBytes) return pastBound("printed", bytes, BOUNDS.setupBytes, "bytes of variables");
  const broken = Object.keys(variables).find((name) => variables[name]?.includes("\0"));
  return broken === undefined ? null : `printed a NUL in ${broken}`;
}

function parseLines(output: string): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const line of output.split("\n")) {
    const match = VARIABLE.exec(line.trim());
    if (match?.[1] !== undefined) variables[match[1]] = match[2] ?? "";
  }
  return variables;
}
