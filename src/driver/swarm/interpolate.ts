const REFERENCE =
  /\$(?:(\$)|\{([A-Za-z_][A-Za-z0-9_]*)(?:(:?[-?])((?:[^}$]|\$\{[^}]*\}|\$)*))?\}|([A-Za-z_][A-Za-z0-9_]*))/g;

/**
 * Fills variables into every string of a compose document, as `docker stack deploy` does: `$X`, `${X}`,
 * `${X:-default}`, `${X-default}`, `$$`. What is missing is empty: a required one is for Docker to complain of.
 */
export function interpolate<T>(value: T, variables: Readonly<Record<string, string>>): T {
  if (typeof value === "string") return fill(value, variables) as T;
  if (Array.isArray(value)) return value.map((item) => interpolate(item, variables)) as T;
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).map(([key, item]) => [key, interpolate(item, variables)]);
  return Object.fromEntries(entries) as T;
}

/** A text that Docker's own filling in of variables leaves as it is. */
export function escapeDollars(text: string): string {
  return text.replaceAll("$", "$$$$");
}

function fill(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replace(REFERENCE, (...match: (string | undefined)[]) => {
    const [, dollar, braced, operator, operand = "", bare] = match;
    if (dollar !== undefined) return "$";
    const name = braced ?? bare ?? "";
    const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
    const isMissing = value === undefined || (operator?.startsWith(":") === true && value === "");
    return isMissing && operator?.endsWith("-") ? fill(operand, variables) : (value ?? "");
  });
}
