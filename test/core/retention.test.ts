import { describe, expect, it } from "vitest";
import { type KeptRun, runsToRemove } from "../../src/core/retention.ts";

const HOUR = 3_600_000;

function run(hour: number, more: Partial<KeptRun> = {}): KeptRun {
  const id = new Date(hour * HOUR).toISOString().replace(/[-:]|\.\d+/g, "");
  return {
    run: id,
    kind: "sweep",
    startedMs: hour * HOUR,
    endedMs: (hour + 1) * HOUR - 1,
    isMeasure: true,
    tookOver: [],
    isUnreadable: false,
    ...more,
  };
}

function removed(runs: KeptRun[], more: Partial<Parameters<typeof runsToRemove>[0]> = {}): KeptRun[] {
  const old = runsToRemove({ runs, proved: [], runsToKeep: 2, oldestMs: null, ...more });
  return runs.filter((entry) => old.includes(entry.run));
}

describe("the runs that are removed", () => {
  const [a, b, c, d] = [run(0), run(10), run(20), run(30)];
  const byHand = [1, 11, 21].map((hour) => run(hour, { kind: "other", isMeasure: false }));

  it("are those beyond the number, of sweeps and of runs by hand apart", () => {
    expect(removed([a, b, c, d])).toEqual([a, b]);
    expect(removed([...byHand, a, b])).toEqual([byHand[0]]);
  });

  it("are those beyond the age, but never the last sweep and the last that was not hollow", () => {
    expect(removed([a, b, c, d], { runsToKeep: 9, oldestMs: 25 * HOUR })).toEqual([a, b, c]);
    const hollow = run(40, { isMeasure: false });
    expect(removed([a, b, hollow], { runsToKeep: 9, oldestMs: 100 * HOUR })).toEqual([a]);
  });

  it("never include the one that a record names, one that overlapped it, or an unreadable one", () => {
    const beside = run(0.5, { kind: "other", isMeasure: false });
    expect(removed([a, beside, b, c, d], { proved: [a.run], runsToKeep: 1 })).toEqual([b, c]);
    expect(removed([run(0, { isUnreadable: true }), b, c, d])).toEqual([b]);
  });

  it("never include the one that continued a killed run that a record names: only it has its tests", () => {
    const killed = run(0, { isMeasure: false });
    const wentOn = run(5, { tookOver: [killed.run] });
    expect(removed([killed, wentOn, b, c, d], { proved: [killed.run], runsToKeep: 1 })).toEqual([b, c]);
  });
});
