import { Fault } from "../fault.ts";

/** Allowed characters of a folder's path, in the words of faults. */
export const NAMEABLE = "a path without line ends and other control characters, in UTF-8";

/**
 * Characters that end a line or control a terminal: systemd units, lists with a name per line, logs and pasted commands
 * cannot have them in a path. U+FFFD replaces bytes that were not UTF-8, so the path names another folder than the one
 * meant.
 */
const UNUSABLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\ufffd]/u;

/** The unusable character in a folder's path, as `U+000A`; null if there is none. */
export function unusableCharacter(path: string): string | null {
  const found = UNUSABLE.exec(path)?.[0].codePointAt(0);
  return found === undefined ? null : `U+${found.toString(16).toUpperCase().padStart(4, "0")}`;
}

/** Returns a folder's absolute path; throws a Fault (configuration) that names a character it cannot have. */
export function usableFolder(what: string, path: string): string {
  const character = path.startsWith("/") ? unusableCharacter(path) : "no / at its beginning";
  if (character === null) return path;
  throw new Fault(
    "configuration",
    `${what} is ${JSON.stringify(path)}, which has ${character}`,
    `name an absolute folder for it: ${NAMEABLE}`,
  );
}
