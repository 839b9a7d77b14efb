/** The last line of an output that says anything, without the blanks around it; null for silence. */
export function lastLine(output: string): string | null {
  return (
    output
      .split("\n")
      .findLast((line) => line.trim() !== "")
      ?.trim() ?? null
  );
}
