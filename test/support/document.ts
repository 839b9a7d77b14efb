import type { ProgramEnd } from "./program.ts";

/** The JSON document that a call of the program printed. */
export function documentOf<T>({ stdout, stderr, exit }: ProgramEnd): T {
  try {
    return JSON.parse(stdout) as T;
  } catch {
    throw new Error(`exit ${exit}, and no JSON document on standard output:\n${stdout}\n${stderr}`);
  }
}
