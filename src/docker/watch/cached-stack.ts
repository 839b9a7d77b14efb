import type { Asking } from "../../command/step.ts";
import type { Docker } from "../docker.ts";
import { inspectServices, inspectTasks, readStack, readTasks, type StackSight } from "./read-stack.ts";

/** Almost every change sends an event. Without one, a reading is trusted for this long (ms). */
const BELIEVED_MS = 1_000;

/** A reading of a stack; `fromMemory` if the services and the list of tasks come from the last look. */
export type StackLook = StackSight & { fromMemory: boolean };

/** Repeated looks at a stack that do not ask again for things unlikely to have changed. */
export interface StackLooks {
  look(): Promise<StackLook>;
  /** Call it after an event, or when it matters: the next look asks for everything. */
  forget(): void;
}

/** Looks at a stack whose services stay the same from the first look that finds any. */
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
