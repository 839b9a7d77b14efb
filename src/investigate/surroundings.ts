import type { Session } from "./session.ts";

/** Whether the tools, or the recipe's configuration beside its tests, differ from the last green's; null: unknown. */
export async function haveSurroundingsChanged({ canonical, run }: Session): Promise<boolean | null> {
  if (canonical?.environment === undefined) return null;
  if (canonical.environment !== run.environment.fingerprint) return true;
  return false;
}
