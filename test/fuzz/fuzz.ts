import { performance } from "node:perf_hooks";
import fc from "fast-check";
import type { FuzzedParser } from "./parser.ts";

/** One input takes no longer, however long it is; on a machine that does other work too. */
const LIMIT_MS = 2000;

export interface FuzzResult {
  parser: string;
  inputs: number;
  accepted: number;
  rejected: number;
  elapsedMs: number;
  /** The most that one input took. */
  worstMs: number;
  seed: number;
  /** What went wrong, with the smallest input that shows it; null: nothing did. */
  problem: string | null;
}

/** Gives a parser so many short inputs, and some long ones, and looks whether its properties hold. */
export function fuzz(parser: FuzzedParser, runs: number, seed: number): FuzzResult {
  const startedMs = performance.now();
  const result: FuzzResult = {
    parser: parser.name,
    inputs: 0,
    accepted: 0,
    rejected: 0,
    elapsedMs: 0,
    worstMs: 0,
    seed,
    problem: null,
  };
  const read = (text: string) => readOne(parser, text, result);
  const long = Math.max(30, Math.floor(runs / 500));
  result.problem =
    problemIn(fc.check(fc.property(parser.inputs, read), { numRuns: runs - long, seed })) ??
    problemIn(fc.check(fc.property(parser.long, read), { numRuns: long, seed }));
  result.elapsedMs = performance.now() - startedMs;
  return result;
}

function readOne(parser: FuzzedParser, text: string, result: FuzzResult): void {
  const { accepted, tookMs } = timed(parser, text);
  result.inputs += 1;
  if (accepted) result.accepted += 1;
  else result.rejected += 1;
  result.worstMs = Math.max(result.worstMs, tookMs);
  // Another program may have had the processor: what counts is the processor's time, and the best of three.
  const tookAgain = () => processorMs(() => parser.accepts(text));
  if (tookMs <= LIMIT_MS || Math.min(tookAgain(), tookAgain(), tookAgain()) <= LIMIT_MS) return;
  throw new Error(`took more than ${LIMIT_MS} ms for ${text.length} characters`);
}

function timed(parser: FuzzedParser, text: string): { accepted: boolean; tookMs: number } {
  const startedMs = performance.now();
  const accepted = parser.accepts(text);
  return { accepted, tookMs: performance.now() - startedMs };
}

function processorMs(act: () => void): number {
  const before = process.cpuUsage();
  act();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

function problemIn(details: fc.RunDetails<[string]>): string | null {
  if (!details.failed) return null;
  const input = JSON.stringify(details.counterexample?.[0] ?? "");
  const shown = input.length <= 600 ? input : `${input.slice(0, 300)} … ${input.slice(-300)}`;
  const error = details.errorInstance;
  const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `input ${shown}\n(seed ${details.seed}, path ${details.counterexamplePath})\n${why}`;
}
