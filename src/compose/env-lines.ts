/** The variables that an `env_file` sets, or its first unreadable line. */
export type EnvLines = { pairs: [name: string, value: string][] } | { problem: string; line: number };

/**
 * Reads a file of `NAME=value` lines as Docker's client does: no quotes, no references; a name alone takes its value
 * from `lookup`, or is left out.
 */
export function readEnvLines(text: string, lookup: (name: string) => string | undefined): EnvLines {
  const pairs: [string, string][] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const content = line.trimStart();
    if (content === "" || content.startsWith("#")) continue;
    const at = content.indexOf("=");
    const name = at < 0 ? content : content.slice(0, at);
    if (name === "" || /[ \t]/.test(name))
      return { problem: `no variable name: ${JSON.stringify(content.slice(0, 80))}`, line: index + 1 };
    const value = at < 0 ? lookup(name) : content.slice(at + 1);
    if (value !== undefined) pairs.push([name, value]);
  }
  return { pairs };
}
