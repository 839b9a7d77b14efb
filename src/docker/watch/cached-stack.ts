import type { Asking } from "../../command/step.ts";
import type { Docker } from "../docker.ts";
import { inspectServices, inspectTasks, readStack, readTasks, type StackSight } from "./read-stack.ts";

/** An event tells of each change but a few; so long, in milliseconds, is it believed without one that there was none. */
const BELIEVED_MS = 1_000;

/** A stack, and whether its services, and which tasks there are, were looked up earlier and only believed to be so. */
export type StackLook = StackSight & { fromMemory: boolean };

/** Looks at a stack again and again, and does not ask each time for what will not have changed. */
export interface StackLooks {
  look(): Promise<StackLook>;
  /** Something happened, or it matters: the next look asks for everything. */
  forget(): void;
}

/** Looks at a stack whose services are the same ones from the first look that finds any. */
export function createStackLooks(docker: Docker, stack: string, asking: Asking): StackLooks {
  let seen: StackSight = { services: [], tasks: [] };
  let believedUntilMs = 0;
  let timesForgotten = 0;
  const lookAnew = async (): Promise<StackSight> => {
    if (seen.services.length === 0) return readStack(docker, stack, asking);
    const [services, tasks] = await Promise.all([
      inspectServices(docker, idsOf(seen.services), asking),
      readTasks(docker, stack, asking),
    ]);
    return { services, tasks };
  };
  return {
    look: async () => {
      const nowMs = asking.clock.now();
      if (nowMs < believedUntilMs)
        return { ...seen, tasks: await inspectTasks(docker, idsOf(seen.tasks), asking), fromMemory: true };
      const forgottenBefore = timesForgotten;
      seen = await lookAnew();
      const isStillSo = timesForgotten === forgottenBefore && seen.services.length > 0;
      if (isStillSo) believedUntilMs = nowMs + BELIEVED_MS;
      return { ...seen, fromMemory: false };
    },
    forget: () => {
      timesForgotten += 1;
      believedUntilMs = 0;
    },
  };
}

function idsOf(objects: readonly { id: string }[]): string[] {
  return objects.map(({ id }) => id);
}
