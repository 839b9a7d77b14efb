import { type Facts, linesOf } from "./facts.ts";
import type { Finding, IgnoredFinding, Level, Place } from "./finding.ts";

/** Rules for the comments themselves. */
export const COMMENT_RULES: readonly { id: string; level: Level; title: string }[] = [
  {
    id: "ignore-without-reason",
    level: "warning",
    title: "a comment that ignores a finding and says no reason",
  },
  { id: "ignore-unused", level: "note", title: "a comment that ignores a finding that is not there" },
];

export interface Judged {
  findings: Finding[];
  ignored: IgnoredFinding[];
}

interface Comment {
  rule: string;
  reason: string;
  at: Place;
  /** The line that it concerns: its own, or the next one if it stands alone. */
  speaksOf: number;
  isUsed: boolean;
}

const COMMENT = /(?:#|\/\/|;)\s*canonical-sweep:\s*ignore\b[ \t]*(\S*)[ \t]*(.*?)\s*$/;

/**
 * Removes findings that a comment `# canonical-sweep: ignore RULE reason` takes back, on the line of the finding or
 * alone on the line above. A comment without a reason takes nothing back and is itself a finding; a superfluous one is
 * a note.
 */
export function applyIgnores(findings: readonly Finding[], facts: Facts): Judged {
  const comments = commentsOf(facts);
  const judged: Judged = { findings: [], ignored: [] };
  for (const finding of findings) {
    const comment = comments.find((each) => each.rule === finding.rule && isBeside(each, finding.at));
    if (comment !== undefined) comment.isUsed = true;
    if (comment === undefined || comment.reason === "") judged.findings.push(finding);
    else judged.ignored.push({ ...finding, reason: comment.reason });
  }
  judged.findings.push(...comments.flatMap(judgeComment));
  return judged;
}

function judgeComment({ rule, reason, at, isUsed }: Comment): Finding[] {
  if (rule === "" || reason === "") {
    const message = `the comment ignores ${rule === "" ? "no rule" : rule} and says no reason: nothing is ignored`;
    const mend = "say the reason behind the rule: `# canonical-sweep: ignore RULE reason`";
    return [{ rule: "ignore-without-reason", level: "warning", message, mend, at }];
  }
  if (isUsed) return [];
  const message = `the comment ignores ${rule}, which is not found here`;
  const mend = "take the comment out, or put it on the line of the finding or the line above";
  return [{ rule: "ignore-unused", level: "note", message, mend, at }];
}

function isBeside({ at: { base, file }, speaksOf }: Comment, at: Place | null): boolean {
  return at !== null && base === at.base && file === at.file && speaksOf === at.line;
}

function commentsOf({ release, tests }: Facts): Comment[] {
  const files = [...release.files].flatMap(([file, { text }]) =>
    text === null ? [] : [{ base: "recipe" as const, file, text }],
  );
  return [...files, ...tests.map((test) => ({ base: "configuration" as const, ...test }))].flatMap(
    ({ base, file, text }) =>
      text.includes("canonical-sweep:")
        ? commentsIn(text, (line, column) => ({ base, file, line, column }))
        : [],
  );
}

function commentsIn(text: string, place: (line: number, column: number) => Place): Comment[] {
  const comments: Comment[] = [];
  let below: number | null = null;
  // From the end: several comments in a row all concern the first line after them.
  for (const { line, text: content } of linesOf(text).toReversed()) {
    const found = COMMENT.exec(content);
    const isAlone = found !== null && content.slice(0, found.index).trim() === "";
    if (found !== null) {
      const [, rule = "", reason = ""] = found;
      const speaksOf = isAlone ? (below ?? line) : line;
      comments.unshift({ rule, reason, at: place(line, found.index + 1), speaksOf, isUsed: false });
    }
    if (!isAlone) below = line;
  }
  return comments;
}
