/** The kind of failed surroundings, which decides the exit code. */
export type FaultCode = "usage" | "configuration" | "machinery" | "locked" | "refused";

/**
 * A fault of the surroundings (neither a bug of this program nor an outcome of a recipe): it has a headline and a next
 * step, and is shown without a stack.
 */
export class Fault extends Error {
  readonly code: FaultCode;
  readonly nextStep: string;

  constructor(code: FaultCode, headline: string, nextStep: string, options?: { cause?: unknown }) {
    super(headline, options);
    this.name = "Fault";
    this.code = code;
    this.nextStep = nextStep;
  }
}

/** The result of `act`, or the `Fault` that it throws; any other error is a bug and is thrown on. */
export function orFault<T>(act: () => T): T | Fault {
  try {
    return act();
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
}

/** The text of any thrown value. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
