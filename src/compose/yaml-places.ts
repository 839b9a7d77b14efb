import { LineCounter, type Node, parseDocument } from "yaml";

/** A line and a column, both counted from 1. */
export interface Position {
  line: number;
  column: number;
}

export type PlacedYaml = ReturnType<typeof parsePlaced>;

/** A parsed YAML text with all its errors and warnings, and the position of each offset in it. */
export function parsePlaced(text: string, options: Exclude<Parameters<typeof parseDocument>[1], undefined>) {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { ...options, prettyErrors: false, lineCounter });
  const positionAt = (offset: number): Position => {
    const { line, col } = lineCounter.linePos(offset);
    return { line, column: col };
  };
  return { document, positionAt };
}

/** The offset at which a node begins; null if there is no node. */
export function offsetOf(node: unknown): number | null {
  return (node as Node | null | undefined)?.range?.[0] ?? null;
}
