/** A repository's address in the form for git, with its secrets kept apart. */
export interface GitAddress {
  /** Without credentials, which the list of processes would show. */
  url: string;
  /** For people: credentials as `***`. */
  shown: string;
  /** The `Authorization` header made of the credentials of an http(s) address; null without credentials. */
  authorization: string | null;
  /** Texts that must never be written anywhere. */
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

/** Puts `***` in place of the credentials of any address in a text. */
export function maskAddress(text: string): string {
  return text.replace(/\b(https?:\/\/)[^/\s@']+@/gi, "$1***@");
}

/**
 * Whether git can use the text as an address: a URL, `host:path` or an absolute path, and not an option. A relative
 * path would depend on the folder in which git works.
 */
export function isAddress(address: string): boolean {
  return /^([^-/][^/]*:|\/)/.test(address) && !hasControlCharacter(address);
}

function hasControlCharacter(text: string): boolean {
  return [...text].some((character) => character.charCodeAt(0) < 0x20 || character.charCodeAt(0) === 0x7f);
}
