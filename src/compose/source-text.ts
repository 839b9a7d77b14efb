import { BOUNDS } from "./bounds.ts";

/**
 * Decodes a file from outside, if every reader of YAML sees the same characters: UTF-8, lines that end with LF or CRLF,
 * no control characters. A byte order mark at the start is removed, as all readers do.
 */
export function readSourceText(bytes: Buffer): { text: string } | { problem: string; line: number } {
  if (bytes.length > BOUNDS.fileBytes)
    return { problem: `it has ${bytes.length} bytes; at most ${BOUNDS.fileBytes} are read`, line: 1 };
  const text = decode(bytes);
  if (text === null)
    return { problem: "it is not UTF-8: write it in UTF-8, without any other encoding", line: 1 };
  const found = STRANGE.exec(text);
  if (found === null) return { text };
  const code = (found[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  return {
    problem: `it has the character U+${code}, which some readers take for the end of a line or refuse: end lines with LF or CRLF, and write such a character as an escape in double quotes`,
    line: text.slice(0, found.index).split("\n").length,
  };
}

/** Why a YAML file is too deep for its recursive parser; null if it is not. Brackets within texts count too. */
export function tooDeep(source: string): string | null {
  let open = 0;
  let most = 0;
  for (const character of source) {
    if (character === "[" || character === "{") open += 1;
    else if (character === "]" || character === "}") open = Math.max(0, open - 1);
    most = Math.max(most, open);
  }
  const isNested = most > 10 * BOUNDS.depth || /(?:[-?][ \t]+){101}/.test(source);
  return isNested ? `more than ${BOUNDS.depth} levels` : null;
}

const STRANGE = /\r(?!\n)|(?![\t\n\r])\p{Cc}|[\u2028\u2029\ufeff\ufffe\uffff]/u;

function decode(bytes: Buffer): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
