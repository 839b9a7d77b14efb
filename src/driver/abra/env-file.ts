/** A secret that an env file declares: `SECRET_DB_PASSWORD_VERSION=v1`. */
export interface DeclaredSecret {
  /** The recipe's name for it: `db_password`. */
  name: string;
  version: string;
  /** The comment behind the version, `# length=64`: how abra generates it. */
  comment: string;
}

const ASSIGNMENT = /^[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s;

/** The value of a variable in an env file, without quotes; null if it is not set. */
export function readVariable(text: string, name: string): string | null {
  const line = text.split("\n").findLast((candidate) => ASSIGNMENT.exec(candidate)?.[1] === name);
  return line === undefined ? null : withoutQuotes(ASSIGNMENT.exec(line)?.[2] ?? "");
}

/** Sets variables in an env file: in their own lines, whose comments (`length=64`) stay, or else at the end. */
export function setVariables(text: string, values: Readonly<Record<string, string>>): string {
  const pending = new Map(Object.entries(values));
  const lines = withoutLastBreaks(text).split("\n");
  const replaced = lines.map((line) => {
    const [, name = "", rest = ""] = ASSIGNMENT.exec(line) ?? [];
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) return line;
    pending.delete(name);
    return `${name}=${quote(value)}${commentOf(rest)}`;
  });
  const added = [...pending].map(([name, value]) => `${name}=${quote(value)}`);
  return `${[...replaced, ...added].join("\n")}\n`;
}

/** Adds the lines of a newer `.env.sample` whose variables the env file lacks. */
export function addMissing(text: string, sample: string): { text: string; added: string[] } {
  const known = new Set(text.split("\n").map((line) => ASSIGNMENT.exec(line)?.[1]));
  const missing = sample.split("\n").filter((line) => {
    const name = ASSIGNMENT.exec(line)?.[1];
    return name !== undefined && !known.has(name);
  });
  if (missing.length === 0) return { text, added: [] };
  const added = missing.map((line) => ASSIGNMENT.exec(line)?.[1] ?? "");
  return { text: `${[withoutLastBreaks(text), ...missing].join("\n")}\n`, added };
}

/** The secrets whose versions an env file gives. */
export function declaredSecrets(text: string): DeclaredSecret[] {
  return text.split("\n").flatMap((line) => {
    const [, variable = "", rest = ""] = ASSIGNMENT.exec(line) ?? [];
    const name = /^SECRET_(.+)_VERSION$/.exec(variable)?.[1];
    return name === undefined
      ? []
      : [{ name: name.toLowerCase(), version: withoutQuotes(rest), comment: commentOf(rest) }];
  });
}

// Not `/\n+$/`, which would start again at each line break of a long row.
function withoutLastBreaks(text: string): string {
  let end = text.length;
  while (text[end - 1] === "\n") end -= 1;
  return text.slice(0, end);
}

function withoutQuotes(rest: string): string {
  const text = rest.trim();
  const quoted = /^'([^']*)'/.exec(text) ?? /^"((?:[^"\\]|\\.)*)"/s.exec(text);
  if (quoted !== null) return quoted[1] ?? "";
  return text.replace(/(?:^|\s)#.*$/s, "").trim();
}

function commentOf(rest: string): string {
  const outside = rest.trim().replace(/^(?:'[^']*'|"(?:[^"\\]|\\.)*")/s, "");
  const comment = /(?:^|\s)(#.*)$/s.exec(outside)?.[1];
  return comment === undefined ? "" : ` ${comment}`;
}

// Single quotes keep everything as it is; only a value that contains one needs double quotes and escapes.
function quote(value: string): string {
  if (/^[A-Za-z0-9_./:@%+,=-]*$/.test(value)) return value;
  if (!/['\n]/.test(value)) return `'${value}'`;
  return `"${value.replace(/[\\"$`]/g, "\\$&").replaceAll("\n", "\\n")}"`;
}
