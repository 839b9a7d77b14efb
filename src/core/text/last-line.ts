/** The last nonempty line of an output, trimmed; null for empty output. */
export function lastLine(output: string): string | null {
  return (
    output
      .split("\n")
      .findLast((line) => line.trim() !== "")
      ?.trim() ?? null
  );
}
