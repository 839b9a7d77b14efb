import type { CommandApp } from "./command-app.ts";

const PLAIN = /^[\w@%+=:,./-]*$/;

/** Variables as text, one per line; values with unusual characters are written as JSON strings. */
export function formatVariables(variables: Readonly<Record<string, string>>): string {
  return Object.entries(variables)
    .map(([name, value]) => `${name}=${PLAIN.test(value) ? value : JSON.stringify(value)}\n`)
    .join("");
}

/** The variables in such a text; other lines are skipped. */
function parseVariables(text: string): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const line of text.split("\n")) {
    const [, name, value] = /^([A-Za-z_]\w*)=(.*)$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) variables[name] = parseValue(value);
  }
  return variables;
}

/** The variables with which an app starts: those kept with its canonical, overridden by the recipe's current ones. */
export function variablesOf(app: Pick<CommandApp, "env" | "kept">): Record<string, string> {
  return { ...parseVariables(app.kept?.env ?? ""), ...app.env };
}

function parseValue(text: string): string {
  if (!text.startsWith('"')) return text;
  try {
    return String(JSON.parse(text));
  } catch {
    return text;
  }
}
