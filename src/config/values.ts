import semver from "semver";
import { z } from "zod";
import { BOUNDS } from "../core/bounds.ts";
import { isWrittenDuration, isWrittenSize, parseBytes, parseDuration } from "../core/duration.ts";
import { NAMEABLE, unusableCharacter } from "../state/folder-name.ts";
import { parseListen } from "./listen.ts";
import { isCronExpression } from "./schedule.ts";

const DURATION = "a duration such as 90s, 10m, 1h30m";
const SIZE = "a size such as 500MiB, 5GiB";
const DOMAIN = "a domain name in lower case, such as ci.example.org";
const PORT = "a port from 1 to 65535";
const ADDRESS = "a git address; it must not begin with '-'";
const NO_PASSWORD = "a password in http:// and https:// only; ssh has keys";
const NO_QUERY = "an address without a query: every user can read it in the list of processes";
const RELATIVE_FILE = "a file in the recipe's configuration folder, such as setup/provider";
const LISTEN = "an address and a port, such as 127.0.0.1:8390";

/** Text of at least `shortest` characters (1 by default); `allowed` is the description in a fault. */
export function text(allowed: string, shortest = 1) {
  return z.string(allowed).min(shortest, allowed);
}

export const Duration = z
  .string(DURATION)
  .refine(isWrittenDuration, { error: DURATION, abort: true })
  .refine((value) => parseDuration(value) !== null, `${DURATION}, more than 0s and at most 24d`);
export const Bytes = z
  .string(SIZE)
  .refine(isWrittenSize, { error: SIZE, abort: true })
  .refine((value) => parseBytes(value) !== null, `${SIZE}, less than 8192TiB`);
export const DomainName = z
  .string(DOMAIN)
  .max(253, "a domain name of at most 253 characters")
  .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/, DOMAIN);
export const Port = z.number(PORT).int(PORT).min(1, PORT).max(65535, PORT);

/**
 * A git URL, an scp-like address or a path. Git would read a leading `-` as an option; only for http(s) addresses can a
 * password be kept out of the list of processes.
 */
export const GitAddress = text(ADDRESS)
  .refine((value) => !value.startsWith("-"), ADDRESS)
  .refine((value) => !/^https?:[^?]*\?.*=/i.test(value), NO_QUERY)
  .refine((value) => !/^(?!https?:)[a-z0-9+.-]+:\/\/[^/@]*:[^/]*@/i.test(value), NO_PASSWORD);
export const WebAddress = z.url({
  protocol: /^https?$/,
  error: "an address that begins with https:// or http://",
});
export const Folder = text("a folder").refine((value) => unusableCharacter(value) === null, NAMEABLE);

/** A folder for a search path, in which `:` is the separator. */
export const SearchedFolder = z
  .string("an absolute folder")
  .startsWith("/", "an absolute folder")
  .refine((value) => unusableCharacter(value) === null, NAMEABLE)
  .refine((value) => !value.includes(":"), "a folder without `:`, which separates the folders of a PATH");

/** A file of the recipe's configuration: never absolute, never outside of that folder. */
export const RelativeFile = text(RELATIVE_FILE).refine(
  (value) => !value.startsWith("/") && !value.split("/").includes(".."),
  RELATIVE_FILE,
);
export const VariableName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "the name of a variable: letters, digits and _");
/** A value with which a program can start: Linux accepts no longer one, and none with a NUL. */
export const VariableValue = text("a text; put it in quotes", 0).refine(
  (value) => Buffer.byteLength(value) <= BOUNDS.variableBytes && !value.includes("\0"),
  `a text of at most ${BOUNDS.variableBytes} bytes, without a NUL`,
);
export const DottedVersion = z
  .string('a version in quotes, such as "3.11"')
  .regex(/^\d+(\.\d+)*$/, 'a version in quotes, such as "3.11"');
export const SemverRange = text("a range of semver, such as >=0.9.0").refine(
  (value) => semver.validRange(value) !== null,
  "a range of semver, such as >=0.9.0",
);
export const CronExpression = z
  .string('cron in five fields, such as "0 3 * * 0"')
  .refine(isCronExpression, 'cron in five fields, such as "0 3 * * 0"');
export const TimeZone = z
  .string("a time zone such as UTC or Europe/Berlin")
  .refine(isTimeZone, "a time zone such as UTC or Europe/Berlin");
export const Listen = z.string(LISTEN).refine((value) => parseListen(value) !== null, LISTEN);

function isTimeZone(value: string): boolean {
  if (value === "UTC") return true;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: value }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}
