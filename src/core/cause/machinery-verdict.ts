import { formatBytes } from "../duration.ts";
import type { MachinerySign } from "./machinery-signature.ts";

/** `unknown`: the resolver says that there is no such name; `no-answer`: no resolver answered. */
export type NameAnswer = "resolves" | "unknown" | "no-answer";

/** This machine's own state at the moment of a failure. */
export interface HostEvidence {
  /** Bytes free where tests write, and where Docker does; null if unknown. */
  disks: readonly { path: string; free: number | null }[];
  /** Bytes needed to begin a test: `disk.minFree`. */
  minFree: number;
  /** Whether Docker answers; null if nobody asked. */
  docker: boolean | null;
  /** The resolver's answers for the names in question, and for names that must exist. */
  names: Readonly<Record<string, NameAnswer>>;
  /** Names that the recipe's configuration needs, such as its upstream's: they show whether DNS works at all. */
  control: readonly string[];
}

export interface MachineryVerdict {
  /** The broken part of the surroundings, with the evidence; null if none is proven. */
  broken: string | null;
  /** Refuted claims, each with the evidence. */
  ruledOut: { what: string; evidence: string }[];
}

/** Free bytes that count as none, whatever was said: not even a small file can be written reliably. */
const NOTHING_LEFT = 64 * 1024;

/** Judges signs by this machine's own state. Pure: the evidence was read at the time of the failure. */
export function judgeSigns(signs: readonly MachinerySign[], evidence: HostEvidence): MachineryVerdict {
  const verdict: MachineryVerdict = { broken: null, ruledOut: [] };
  for (const sign of signs) {
    const { proven, because } = judgeSign(sign, evidence);
    if (!proven)
      verdict.ruledOut.push({ what: NAMES[sign.part], evidence: `said "${sign.words}", but ${because}` });
    else verdict.broken ??= `${because}: ${sign.words}`;
  }
  verdict.broken ??= fullDisk(evidence, NOTHING_LEFT);
  return verdict;
}

const NAMES: Readonly<Record<MachinerySign["part"], string>> = {
  tool: "a missing tool",
  docker: "Docker away",
  registry: "the registry away",
  disk: "a full disk",
  dns: "DNS gone",
};

function judgeSign(sign: MachinerySign, evidence: HostEvidence): { proven: boolean; because: string } {
  if (sign.proof === "words") return { proven: true, because: becauseOf(sign) };
  switch (sign.part) {
    case "disk": {
      const full = fullDisk(evidence, evidence.minFree);
      return full === null
        ? { proven: false, because: `there is room: ${roomOn(evidence)}` }
        : { proven: true, because: full };
    }
    case "docker":
      return evidence.docker === true
        ? { proven: false, because: "Docker answers this machine" }
        : { proven: true, because: "Docker is away" };
    case "dns":
      return judgeName(sign.subject, evidence);
    default:
      return { proven: true, because: becauseOf(sign) };
  }
}

function becauseOf({ part, subject }: MachinerySign): string {
  if (part === "tool") return `a tool is missing: ${subject}`;
  return part === "disk" ? "no space is left" : `${part} gives no answer, or stopped answering`;
}

function fullDisk({ disks }: HostEvidence, least: number): string | null {
  const full = disks.find(({ free }) => free !== null && free < least);
  return full === undefined ? null : `the disk is full: ${formatBytes(full.free ?? 0)} free at ${full.path}`;
}

function roomOn({ disks }: HostEvidence): string {
  const known = disks.flatMap(({ path, free }) =>
    free === null ? [] : [`${formatBytes(free)} free at ${path}`],
  );
  return known.length === 0 ? "no disk could be asked" : known.join(", ");
}

// A name without a dot is a service of the recipe's own stack, known only to Docker's resolver there.
function judgeName(name: string | null, evidence: HostEvidence): { proven: boolean; because: string } {
  const { control, names } = evidence;
  if (name !== null && !name.includes("."))
    return { proven: false, because: `${name} is a name of the stack's own, not of the network` };
  const own = name === null ? undefined : names[name];
  if (own === "resolves") return { proven: false, because: `this machine resolves ${name}` };
  const known = control.find((candidate) => names[candidate] === "resolves");
  if (known !== undefined) return { proven: false, because: `this machine resolves ${known}` };
  const asked = [...(name === null ? [] : [name]), ...control].filter((each) => names[each] !== undefined);
  const isGone = own === "no-answer" || control.some((each) => names[each] !== undefined);
  return isGone
    ? { proven: true, because: `DNS is gone: this machine resolves none of ${asked.join(", ")}` }
    : { proven: false, because: "nothing shows that this machine has no DNS" };
}
