import { honestyLine } from "../core/label/honesty.ts";
import type { Honesty } from "../core/records/report.ts";
import { html, type Markup, NOTHING } from "./markup.ts";
import type { Tone } from "./verdict.ts";

const TONES: readonly (readonly [words: string, tone: Tone])[] = [
  ["passed", "good"],
  ["promote-failed", "bad"],
  ["failed", "bad"],
  ["blocked", "held"],
  ["not-run", "odd"],
];

/** The honesty line, word for word, with emphasis on everything but zeros. A hollow sweep says so before any count. */
export function honestyHeading(honesty: Honesty, reasons: readonly string[]): Markup {
  const counts = honestyLine({ ...honesty, hollow: false }, []);
  const hollow = honesty.hollow ? html`<span class="hollow">HOLLOW: ${reasons.join("; ")}</span>` : NOTHING;
  return html`<h1 class="counts">${hollow}${counts.split(/(?<=[+=;,] )/).map(part)}</h1>`;
}

function part(text: string): Markup {
  const [, words = "", end = ""] = /^(.*\d)(\D*)$/s.exec(text) ?? [];
  if (words === "") return html`${text}`;
  if (/^\D*0$/.test(words)) return html`<span class="zero">${words}</span>${end}`;
  const tone = TONES.find(([name]) => words.startsWith(name))?.[1] ?? "";
  const numbers = words
    .split(/(\d+)/)
    .map((piece, index) => (index % 2 === 0 ? piece : html`<b>${piece}</b>`));
  return html`<span class="${tone}">${numbers}</span>${end}`;
}
