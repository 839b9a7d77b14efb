import type { Asking } from "../../command/step.ts";
import type { Docker } from "../docker.ts";
import { inspectServices, inspectTasks, readStack, readTasks, type StackReading } from "./read-stack.ts";

/** Almost every change sends an event. Without one, a reading is trusted for this long, in milliseconds. */
const BELIEVED_MS = 1_000;

/** A reading of a stack; `fromMemory` if its services and the list of its tasks come from an earlier one. */
export type CachedReading = StackReading & { fromMemory: boolean };

/** Repeated readings of a stack that do not ask again for things unlikely to have changed. */
export interface CachedStack {
  read(): Promise<CachedReading>;
  /** Call it after an event, or when it matters: the next reading asks for everything. */
  forget(): void;
}

/** Reads a stack whose services stay the same from the first reading that finds any. */
export function createCachedStack(docker: Docker, stack: string, asking: Asking): CachedStack {
  let seen: StackReading = { services: [], tasks: [] };
  let believedUntilMs = 0;
  let timesForgotten = 0;
  const readAnew = async (): Promise<StackReading> => {
    if (seen.services.length === 0) return readStack(docker, stack, asking);
    const [services, tasks] = await Promise.all([
      inspectServices(docker, idsOf(seen.services), asking),
      readTasks(docker, stack, asking),
    ]);
    return { services, tasks };
  };
  return {
    read: async () => {
      const nowMs = asking.clock.now();
      if (nowMs < believedUntilMs)
        return { ...seen, tasks: await inspectTasks(docker, idsOf(seen.tasks), asking), fromMemory: true };
      const forgottenBefore = timesForgotten;
      seen = await readAnew();
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
