import type { ActResult, Failure } from "../../src/core/act.ts";

/** The value of an outcome that must be good; else the test fails in the outcome's own words. */
export function good<T>(outcome: ActResult<T>): T {
  if (!outcome.ok) throw new Error(`${outcome.failure.cause}: ${outcome.failure.message}`);
  return outcome.value;
}

/** The failure of an outcome that must be bad. */
export function bad<T>(outcome: ActResult<T>): Failure {
  if (outcome.ok) throw new Error(`it succeeded: ${JSON.stringify(outcome.value)}`);
  return outcome.failure;
}
