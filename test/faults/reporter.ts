import type { Reporter, TestCase, TestRunEndReason } from "vitest/node";
import { FAULT_KINDS, type Fault, type FaultKind } from "./kinds.ts";

/** How many of each kind a whole run must have produced. */
const LEAST: Partial<Record<FaultKind, number>> = {
  "kill point": 60,
  "bad state": 25,
  "hostile input": 30,
  "network fault": 15,
};

/**
 * Prints a line for each fault that a test produced, and the totals last. With `FAULTS=all` a run fails when it
 * produced fewer than are promised.
 */
export default class FaultReporter implements Reporter {
  private readonly faults: Fault[] = [];
  private failed = 0;

  onTestCaseResult(test: TestCase): void {
    const isFault = test.module.relativeModuleId.startsWith("test/faults/");
    if (isFault && test.result().state === "failed") this.failed += 1;
    for (const fault of test.meta().faults ?? []) {
      this.faults.push(fault);
      print(`${fault.kind.padEnd(14)}  ${fault.name} → ${fault.outcome}${damageOf(fault)}`);
    }
  }

  onTestRunEnd(_modules: unknown, _errors: unknown, reason: TestRunEndReason): void {
    if (this.faults.length === 0) return;
    const counts = FAULT_KINDS.map((kind) => `${this.count(kind)} ${plural(kind, this.count(kind))}`);
    print(`\n${counts.join(", ")}`);
    const lost = sumOf(this.faults.map((fault) => fault.lost));
    const touched = sumOf(this.faults.map((fault) => fault.touched));
    print(`${lost} lost, ${touched} foreign objects touched, ${this.failed} promises not kept`);
    const { FAULTS, TEST_PART = "here" } = process.env;
    const isWhole = FAULTS === "all" && TEST_PART === "here";
    if (reason === "passed" && isWhole) this.failUnlessEnough();
  }

  private failUnlessEnough(): void {
    for (const [kind, least] of Object.entries(LEAST) as [FaultKind, number][]) {
      if (this.count(kind) >= least) continue;
      print(`${this.count(kind)} ${plural(kind, 2)} were produced; at least ${least} are promised`);
      process.exitCode = 1;
    }
  }

  private count(kind: FaultKind): number {
    return this.faults.filter((fault) => fault.kind === kind).length;
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function damageOf({ lost, touched }: Fault): string {
  const parts = [...lost.map((what) => `LOST ${what}`), ...touched.map((what) => `TOUCHED ${what}`)];
  return parts.length === 0 ? "" : `: ${parts.join(", ")}`;
}

function sumOf(lists: readonly (readonly string[])[]): number {
  return lists.reduce((total, list) => total + list.length, 0);
}

function plural(kind: FaultKind, count: number): string {
  if (count === 1) return kind;
  return kind === "power loss" ? "power losses" : `${kind}s`;
}
