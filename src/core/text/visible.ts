/**
 * The sequences by which a terminal is told of colours, titles and links (ECMA-48). Each ends before the next one can
 * begin: a pattern that looks for its end in all of the text takes minutes for a megabyte of begins.
 */
const SEQUENCES =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out.
  /(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]|(?:\x1b[PX\]^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x80-\x9f\n]*(?:\x07|\x1b\\|\x9c)|\x1b[ -/]+[0-~]|\x1b[0-OQ-WYZ\\`-~]/g;

/** All that cannot be seen, or that turns text around, but for what text is made of. */
const UNSEEN = /(?![\t\n\u200d])[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/**
 * Text from outside as it may be seen, on a page or in a terminal: without the codes that steer a terminal, and with
 * a mark for every other character that cannot be seen or turns text around.
 */
export function visible(text: string): string {
  return text.toWellFormed().replaceAll("\r\n", "\n").replaceAll(SEQUENCES, "").replaceAll(UNSEEN, "�");
}
