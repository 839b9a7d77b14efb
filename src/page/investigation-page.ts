import type { Investigation } from "../core/records/investigation.ts";
import type { Frame } from "./frame.ts";
import { html, type Markup } from "./markup.ts";
import { section } from "./tables.ts";
import { clockOf } from "./time.ts";

export interface InvestigationView {
  investigation: Investigation;
  /** Its Markdown report as HTML; null if that is gone. */
  content: Markup | null;
  facts: Frame["facts"];
}

/** The cause of a red, and its proof. */
export function investigationPage({ investigation, content, facts }: InvestigationView): Frame {
  const { run, recipe, cause, red, startedAt } = investigation;
  return {
    title: `investigation of ${recipe} · canonical-sweep`,
    head: html`<h1>${recipe}: ${cause}</h1>
<p>investigation <code>${run}</code>, ${clockOf(startedAt)}, of the red in <a href="/runs/${red.run}/${recipe}">${red.run}</a> · <a href="/recipes/${recipe}">${recipe}</a></p>`,
    content: section(
      "Findings",
      content === null ? html`<p>${investigation.because}</p>` : html`<div class="brief">${content}</div>`,
    ),
    current: "runs",
    facts,
    data: { name: "JSON", address: `/runs/${run}.json` },
    refreshSeconds: null,
  };
}
