import { Fault, orFault } from "../fault.ts";
import type { Context } from "../run/context.ts";
import { lockHolder } from "../run/lock.ts";
import { nearestExisting, whyNotWritable } from "../state/file-facts.ts";
import { existingStateId } from "../state/state-id.ts";
import { type Check, fault, fine, unknown } from "./check.ts";

/** Whether the state folder is writable and its lock is free. Makes nothing. */
export async function checkState(context: Context): Promise<Check[]> {
  const { root } = context.state;
  const place = nearestExisting(root);
  const problem = whyNotWritable(place);
  if (problem !== null)
    return [fault("state", problem, "let the user that runs this program write there", `ls -ld ${place}`)];
  if (place !== root) return [fine("state", `${root} will be made in ${place}`)];
  return [identity(context), await lock(context)];
}

function identity({ state }: Context): Check {
  const id = orFault(() => existingStateId(state.id));
  if (id instanceof Fault) return fault("state", id.message, id.nextStep);
  return fine("state", `${state.root} can be written to${id === null ? "" : `, its id is ${id}`}`);
}

async function lock(context: Context): Promise<Check> {
  try {
    const holder = await lockHolder(context);
    if (holder === null) return fine("lock", "free");
    const who = holder === "unknown" ? "another run" : `run ${holder.run} (\`${holder.command}\`)`;
    return fine("lock", `${who} is at work`);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return unknown("lock", error.message, error.nextStep);
  }
}
