/**
 * The same JSON, harmless on a terminal: JSON escapes only the oldest control characters, and none that reverse text.
 */
export function visibleJson(json: string): string {
  return json.replaceAll(/[\u007f-\u009f\u2028\u2029]|(?!\u200d)\p{Cf}/gu, (found) =>
    found
      .split("")
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
      .join(""),
  );
}
