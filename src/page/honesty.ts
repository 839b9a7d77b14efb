import { honestyLine } from "../core/honesty.ts";
import type { Honesty } from "../core/report.ts";
import { html, type Markup, NOTHING } from "./markup.ts";
import type { Tone } from "./verdict.ts";

const TONES: readonly (readonly [words: string, tone: Tone])[] = [
  ["passed", "good"],
  ["promote-failed", "bad"],
  ["failed", "bad"],
  ["blocked", "held"],
  ["not-run", "odd"],
];

/** The honesty line, word for word; what is not zero stands out. A hollow sweep says so before any count. */
export function honestyHeading(honesty: Honesty, reasons: readonly string[]): Markup {
  const counts = honestyLine({ ...honesty, hollow: false }, []);
  const hollow = honesty.hollow ? html`<span class="hollow">HOLLOW: ${reasons.join("; ")}</span>` : NOTHING;
  return html`<h1 class="counts">${hollow}${counts.split(/(?<=[+=;,] )/).map(part)}</h1>`;
}

function part(text: string): Markup {
  const [, words = "", count = "", end = ""] = /^(.*?)(\d+)(?=\D*$)(.*)$/s.exec(text) ?? [];
  if (words === "") return html`${text}`;
  if (count === "0") return html`<span class="zero">${words}${count}</span>${end}`;
  const tone = TONES.find(([name]) => words.startsWith(name))?.[1] ?? "";
  return html`<span class="${tone}">${words}<span class="n">${count}</span></span>${end}`;
}
