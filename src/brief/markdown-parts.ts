/** A section with a title; empty if its body is empty. */
export function section(title: string, body: string): string {
  return body === "" ? "" : `## ${title}\n\n${body}`;
}

export function list(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join("\n");
}

/** An indented block, which keeps any text as it is, even with fences in it. */
export function code(lines: readonly string[]): string {
  return lines.map((line) => `    ${line.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, " ")}`).join("\n");
}
