import { expect, type TestContext } from "vitest";
import type { Fault } from "./kinds.ts";

declare module "vitest" {
  interface TaskMeta {
    faults?: Fault[];
  }
}

/**
 * Hands a produced fault to the reporter, which prints its line, and fails the test if something was lost or
 * touched. Call it after the test's own expectations, so that a fault counts only when its promise held.
 */
export function report({ task }: Pick<TestContext, "task">, fault: Fault): void {
  task.meta.faults = [...(task.meta.faults ?? []), fault];
  expect({ lost: fault.lost, touched: fault.touched }, fault.name).toEqual({ lost: [], touched: [] });
}
