/** A repository's address as git gets it, with what must not be seen kept apart from it. */
export interface GitAddress {
  /** Without credentials: these would stand in the list of processes. */
  url: string;
  /** For people: credentials as `***`. */
  shown: string;
  /** The value of the header `Authorization` made of the credentials of an http(s) address. */
  authorization: string | null;
  /** What must never be written anywhere. */
  secrets: readonly string[];
}

/** Takes the credentials out of an http(s) address; others (ssh, git, file, `user@host:path`) stay as they are. */
export function readAddress(address: string): GitAddress {
  const plain = { url: address, shown: address, authorization: null, secrets: [] };
  if (!/^https?:\/\//i.test(address) || !URL.canParse(address)) return plain;
  const parsed = new URL(address);
  if (parsed.username === "" && parsed.password === "") return plain;
  const user = decoded(parsed.username);
  const password = decoded(parsed.password);
  parsed.username = "";
  parsed.password = "";
  const authorization = basicAuthorization(user, password);
  return {
    url: parsed.href,
    shown: maskAddress(parsed.href.replace("://", "://***@")),
    authorization,
    secrets: [password === "" ? user : password, authorization.slice("Basic ".length)],
  };
}

// A `%` that begins no escape stands for itself.
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function basicAuthorization(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
}

/** Puts `***` where a text has credentials in an address. */
export function maskAddress(text: string): string {
  return text.replace(/\b(https?:\/\/)[^/\s@']+@/gi, "$1***@");
}

/**
 * Whether the text can be given to git as an address: a URL, `host:path` or an absolute path, and no option. A
 * relative path would mean something else in each folder that git works in.
 */
export function isAddress(address: string): boolean {
  return /^([^-/][^/]*:|\/)/.test(address) && !hasControlCharacter(address);
}

function hasControlCharacter(text: string): boolean {
  return [...text].some((character) => character.charCodeAt(0) < 0x20 || character.charCodeAt(0) === 0x7f);
}
