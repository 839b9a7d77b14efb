import { Fault } from "../fault.ts";

/** What a folder's path may have in it, as faults say it. */
export const NAMEABLE = "a path without line ends and other control characters, in UTF-8";

/**
 * What ends a line or steers a terminal: units of systemd, lists with a name a line, logs and pasted commands cannot
 * have it in a path. U+FFFD stands where bytes were no UTF-8: the folder that was meant is another one.
 */
const UNUSABLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\ufffd]/u;

/** The character in a folder's path with which it cannot be used, as `U+000A`; null where there is none. */
export function unusableCharacter(path: string): string | null {
  const found = UNUSABLE.exec(path)?.[0].codePointAt(0);
  return found === undefined ? null : `U+${found.toString(16).toUpperCase().padStart(4, "0")}`;
}

/** Returns a folder's absolute path; throws a Fault (configuration) that names the character it cannot have. */
export function usableFolder(what: string, path: string): string {
  const character = path.startsWith("/") ? unusableCharacter(path) : "no / at its beginning";
  if (character === null) return path;
  throw new Fault(
    "configuration",
    `${what} is ${JSON.stringify(path)}, which has ${character}`,
    `name an absolute folder for it: ${NAMEABLE}`,
  );
}
