import { lookup } from "node:dns/promises";
import type { NameAnswer } from "../core/cause/machinery-verdict.ts";

/** Limit for an answer in milliseconds: enough to ask a missing resolver twice. */
const LIMIT_MS = 12_000;

/** Asks this machine's resolver for a host name, as every program on it would. */
export async function resolveName(name: string): Promise<NameAnswer> {
  const late = new AbortController();
  const tooLate = new Promise<NameAnswer>((fulfil) => {
    const timer = setTimeout(() => fulfil("no-answer"), LIMIT_MS);
    late.signal.addEventListener("abort", () => clearTimeout(timer));
  });
  try {
    return await Promise.race([ask(name), tooLate]);
  } finally {
    late.abort();
  }
}

async function ask(name: string): Promise<NameAnswer> {
  try {
    await lookup(name);
    return "resolves";
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOTFOUND" ? "unknown" : "no-answer";
  }
}
