/**
 * Sequences that control colours, titles and links in a terminal (ECMA-48). Each ends before the next can begin: a
 * pattern that searched the whole text for its end would take minutes for a megabyte of beginnings.
 */
const SEQUENCES =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out.
  /(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|(?:\x1b[PX\]^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x80-\x9f\n]*(?:\x07|\x1b\\|\x9c)|\x1b[ -/]+[0-~]|\x1b[0-OQ-WYZ\\`-~]/g;

/** Characters that are invisible or reverse text, except those that structure text. */
const UNSEEN = /(?![\t\n\u200d])[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/**
 * Text from outside in a visible form, for a page or a terminal: without control codes, and with a mark for every other
 * character that is invisible or reverses text.
 */
export function visible(text: string): string {
  return text.toWellFormed().replaceAll("\r\n", "\n").replaceAll(SEQUENCES, "").replaceAll(UNSEEN, "�");
}
