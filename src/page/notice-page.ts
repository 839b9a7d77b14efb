import type { Frame } from "./frame.ts";
import { html } from "./markup.ts";

/** A page without content, for something missing or unreadable. */
export function noticePage(title: string, text: string, facts: Frame["facts"]): Frame {
  return {
    title: `${title} · canonical-sweep`,
    head: html`<h1>${title}</h1>`,
    content: html`<p>${text}</p><p><a href="/">How it stands now</a> · <a href="/runs">every run</a></p>`,
    current: null,
    facts,
    data: null,
    refreshSeconds: null,
  };
}
