import { oneLine } from "../text/one-line.ts";
import type { Sign } from "./evidence.ts";
import { machinerySigns } from "./machinery-signature.ts";
import { missingTool } from "./missing-tool.ts";

/** Failures beyond the control of this machine and the recipe, besides those that stop a test at once. */
const OUTSIDE =
  /certificate (?:has expired|is not yet valid)|CERT_HAS_EXPIRED|network is unreachable|no route to host|ENETUNREACH|EHOSTUNREACH/i;

/**
 * The sign of failed surroundings in a first error; null if there is none. A sign that may concern an app's own things
 * is not certain.
 */
export function signOf(firstError: string): Sign | null {
  const words = oneLine(firstError);
  if (missingTool(firstError, null) !== null || /\ba tool is missing: |\bmisses a tool: /.test(firstError))
    return { kind: "machinery", words, certain: true };
  const [sign] = machinerySigns(firstError, "host").toSorted((one) => (one.proof === "words" ? -1 : 1));
  if (sign !== undefined) {
    // A name without a dot is a service of the recipe's own stack.
    if (sign.part === "dns" && sign.subject !== null && !sign.subject.includes(".")) return null;
    const isOutside = sign.part === "dns" || sign.part === "registry";
    return { kind: isOutside ? "outside" : "machinery", words, certain: sign.proof === "words" };
  }
  return OUTSIDE.test(firstError) ? { kind: "outside", words, certain: false } : null;
}

/** The same for a failure that the run itself attributed to the surroundings: the sign is then certain. */
export function signOfMachinery(firstError: string): Sign {
  return { kind: signOf(firstError)?.kind ?? "machinery", words: oneLine(firstError), certain: true };
}
