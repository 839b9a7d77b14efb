import { formatBytes } from "../core/duration.ts";
import type { Frame } from "./frame.ts";
import { encoded, html, type Markup, NOTHING, ownMarkup } from "./markup.ts";

export interface LogView {
  run: string;
  recipe: string;
  path: string;
  /** Of the whole file. */
  bytes: number;
  lines: readonly { number: number; text: string }[];
  /** The line with which a page begins that has what is before these; null where nothing is before them. */
  earlier: number | null;
  later: number | null;
  wanted: string;
  /** The lines are those that have what is wanted. */
  isSearch: boolean;
  isCut: boolean;
  follows: boolean;
  facts: Frame["facts"];
}

/** A log, line by line, with search; it follows the end of the file where somebody asks for that. */
export function logPage(view: LogView): Frame {
  const { run, recipe, path } = view;
  return {
    title: `${path} of ${recipe} · canonical-sweep`,
    head: html`<h1>${path}</h1><p><a href="/runs/${run}/${recipe}">${recipe} in ${run}</a> · ${formatBytes(view.bytes)}</p>`,
    content: html`${controls(view)}${around(view, "earlier")}${lines(view)}${around(view, "later")}<p id="end" tabindex="-1" class="soft">${view.later === null ? "the end of the log" : ""}</p>`,
    current: null,
    facts: view.facts,
    data: { name: "Text", address: `/runs/${run}/${recipe}/raw/${encoded(path)}` },
    refreshSeconds: view.follows ? 5 : null,
  };
}

function addressOf({ run, recipe, path }: LogView): string {
  return `/runs/${run}/${recipe}/logs/${encoded(path)}`;
}

function controls(view: LogView): Markup {
  const address = addressOf(view);
  const follow = view.follows
    ? html`<a href="${address}">stop following</a> <span class="soft" role="status">follows the end</span>`
    : html`<a href="${address}?follow=1#end">follow the end</a>`;
  return html`<form role="search" action="${address}"><label for="q">Search in this log</label> <input type="search" id="q" name="q" value="${view.wanted}"> <button>Search</button>${view.isSearch ? html` <a href="${address}">all lines</a>` : NOTHING} ${follow}</form>`;
}

function lines(view: LogView): Markup {
  if (view.lines.length === 0)
    return html`<p class="soft">${view.isSearch ? "No line has it." : "It is empty."}</p>`;
  const address = view.isSearch
    ? (line: number) => `${addressOf(view)}?line=${line}#L${line}`
    : (line: number) => `#L${line}`;
  const count = view.isSearch
    ? html`<p role="status">${view.lines.length}${view.isCut ? " or more" : ""} ${view.lines.length === 1 ? "line" : "lines"}</p>`
    : NOTHING;
  return html`${count}<ol class="log" aria-label="lines"${view.follows ? ownMarkup(' data-follow=""') : ""}>${view.lines.map(
    ({
      number,
      text,
    }) => html`<li id="L${number}"><a href="${address(number)}" aria-label="line ${number}">${number}</a><span>${text}</span></li>
`,
  )}</ol>`;
}

function around(view: LogView, side: "earlier" | "later"): Markup {
  const line = view[side];
  if (line === null) return NOTHING;
  return html`<p><a href="${addressOf(view)}?line=${line}">${side} lines</a></p>`;
}
