import type { Session } from "./session.ts";

/** A configuration folder with the tests that were green when the canonical was made; or why there is none. */
export function lastGreenTests(session: Session): { configuration: string } | { notPossible: string } {
  if (session.canonical === null) return { notPossible: "there is no canonical, and so no last green" };
  return { notPossible: "the canonical's record does not have the tests that were green" };
}

/** Whether the tests differ from those of the last green; null where that is not known. */
export async function haveTestsChanged(_session: Session): Promise<boolean | null> {
  return null;
}
