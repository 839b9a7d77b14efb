import type { Investigation } from "../../src/core/records/investigation.ts";
import { confidenceOf } from "../../src/report/investigation-markdown.ts";
import { documentOf } from "../support/document.ts";
import type { Zoo } from "./world.ts";

/** What `investigate` says of a red. */
export interface Found {
  cause: string;
  confidence: string;
}

/** Asks the program what the red of a recipe is. */
export async function investigate(zoo: Zoo, recipe: string, say: (line: string) => void): Promise<Found> {
  const began = Date.now();
  const end = await zoo.start("--json", "investigate", recipe).end;
  const seconds = Math.round((Date.now() - began) / 1000);
  if (end.exit !== 0 && end.exit !== 3) {
    say(`${recipe} could not be investigated (exit ${end.exit}): ${end.stderr}`);
    return { cause: "not investigated", confidence: end.stderr.trim().split("\n")[0] ?? "" };
  }
  const { cause, because, confidence } = documentOf<Investigation>(end);
  const sure = confidenceOf(confidence).join("; ");
  say(`investigated ${recipe} for ${seconds} s: ${cause}, since ${because} (${sure})`);
  return { cause, confidence: sure };
}
