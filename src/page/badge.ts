import type { LabelKind } from "../core/outcome.ts";
import { html } from "./markup.ts";
import { type Tone, toneOf } from "./verdict.ts";

/** A badge of a recipe, in the form that shields.io reads from an endpoint. */
export interface Badge {
  schemaVersion: 1;
  label: string;
  message: string;
  color: string;
  isError?: boolean;
}

/** White text on each of them has a contrast of at least 4.5. */
const COLOURS: Record<Tone, string> = {
  good: "#1c6b3c",
  odd: "#7a5200",
  bad: "#ae1f2c",
  held: "#6b3fa0",
  quiet: "#5a636d",
};

export function badgeOf(recipe: string, message: string, kind: LabelKind | null): Badge {
  const tone = toneOf(kind);
  return {
    schemaVersion: 1,
    label: recipe,
    message,
    color: COLOURS[tone],
    ...(tone === "bad" ? { isError: true } : {}),
  };
}

/** The same as a picture. */
export function badgeSvg({ label, message, color }: Badge): string {
  const [left, right] = [widthOf(label), widthOf(message)];
  const name = `${label}: ${message}`;
  return String(html`<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="20" role="img" aria-label="${name}"><title>${name}</title><clipPath id="r"><rect width="${left + right}" height="20" rx="3"/></clipPath><g clip-path="url(#r)"><rect width="${left}" height="20" fill="#3c4248"/><rect x="${left}" width="${right}" height="20" fill="${color}"/></g><g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" text-anchor="middle"><text x="${left / 2}" y="14" textLength="${left - 12}">${label}</text><text x="${left + right / 2}" y="14" textLength="${right - 12}">${message}</text></g></svg>
`);
}

// Approximate width in Verdana at 11 px; `textLength` makes it exact.
function widthOf(text: string): number {
  return Math.round([...text].length * 6.8) + 12;
}

/** The icon of the page. */
export const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="3" fill="#1b5aa8"/><path d="M3.5 8.5l3 3 6-7" fill="none" stroke="#fff" stroke-width="2"/></svg>
`;
