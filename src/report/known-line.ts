import type { RecipeReport } from "../core/records/report.ts";

/** What somebody has said of a row's error, on one line; null where nobody has. */
export function knownCauseLine({ knownCause }: Pick<RecipeReport, "knownCause">): string | null {
  if (knownCause === undefined) return null;
  const { cause, expired, id, link, owner, until } = knownCause;
  const end = expired ? `past its date, ${until}` : `until ${until}`;
  return `known cause ${id}: ${cause}, ${end}, owner ${owner}, ${link}`;
}

/** A row's detail for a table, with what is known of its error before it. */
export function detailWithCause(row: Pick<RecipeReport, "knownCause" | "detail">): string {
  const known = knownCauseLine(row);
  return known === null ? row.detail : `${known}; ${row.detail}`;
}
