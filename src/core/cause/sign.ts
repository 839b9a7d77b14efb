import { oneLine } from "../label.ts";
import { missingTool } from "../missing-tool.ts";
import type { Sign } from "./evidence.ts";

interface Pattern {
  kind: Sign["kind"];
  pattern: RegExp;
  certain: boolean;
}

/** What registries, resolvers, kernels and the docker client say of themselves; the first that matches counts. */
const PATTERNS: readonly Pattern[] = [
  { kind: "outside", pattern: /\btoomanyrequests\b|pull rate limit/i, certain: true },
  {
    kind: "machinery",
    pattern: /Cannot connect to the Docker daemon|Is the docker daemon running\?|dial unix \S*docker\.sock/i,
    certain: true,
  },
  {
    kind: "machinery",
    pattern: /no space left on device|\bENOSPC\b|disk quota exceeded|\bEDQUOT\b/i,
    certain: false,
  },
  {
    kind: "outside",
    pattern:
      /could not resolve (?:host|proxy)|temporary failure (?:in name resolution|resolving)|name or service not known|\bEAI_AGAIN\b|\bENOTFOUND\b|no such host|server misbehaving/i,
    certain: false,
  },
  {
    kind: "outside",
    pattern:
      /certificate (?:has expired|is not yet valid)|CERT_HAS_EXPIRED|network is unreachable|no route to host/i,
    certain: false,
  },
  {
    kind: "outside",
    pattern: /TLS handshake timeout|https?:\/\/\S+\/v2\/\S*.*(?:connection refused|timeout|EOF)/i,
    certain: false,
  },
];

/** What a first error says of the surroundings; null where it says nothing of them. */
export function signOf(firstError: string): Sign | null {
  const words = oneLine(firstError);
  if (
    missingTool(firstError, null) !== null ||
    /\ba tool is missing: /.test(firstError) ||
    /\bmisses a tool: /.test(firstError)
  )
    return { kind: "machinery", words, certain: true };
  const found = PATTERNS.find(({ pattern }) => pattern.test(firstError));
  return found === undefined ? null : { kind: found.kind, words, certain: found.certain };
}

/** The same of a failure that the run itself put down to the surroundings: then it is certain. */
export function signOfMachinery(firstError: string): Sign {
  return { kind: signOf(firstError)?.kind ?? "machinery", words: oneLine(firstError), certain: true };
}
