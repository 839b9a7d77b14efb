import { html, type Markup, NOTHING, ownMarkup } from "./markup.ts";
import { STYLE } from "./style.ts";

/** The parts of a page around its content. */
export interface Frame {
  title: string;
  /** Before everything else; the first heading. */
  head: Markup;
  content: Markup;
  /** The current entry of the navigation. */
  current: "status" | "runs" | null;
  /** Program, configuration, environment: facts that a reader needs to trust the page. */
  facts: readonly (readonly [name: string, value: string])[];
  /** The same for a program; null without one. */
  data: { name: string; address: string } | null;
  /** Seconds until a browser without scripts reloads; null: never. */
  refreshSeconds: number | null;
}

/** Addresses of the style and the script on the server; they depend on the content. */
export interface Assets {
  style: string;
  script: string;
}

/** A page of the server: style and script are separate files, nothing else is loaded. */
export function servedPage(frame: Frame, assets: Assets): string {
  const refresh =
    frame.refreshSeconds === null
      ? NOTHING
      : html`<noscript><meta http-equiv="refresh" content="${frame.refreshSeconds}"></noscript>`;
  const head = html`<link rel="stylesheet" href="${assets.style}">
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<script src="${assets.script}" defer></script>
${refresh}`;
  return String(wholePage(frame, head, navigation(frame)));
}

/** The same as one file without any other: no script, no network. */
export function singleFile(frame: Frame): string {
  const head = html`<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>${ownMarkup(STYLE)}</style>`;
  return String(wholePage(frame, head, NOTHING));
}

function wholePage(frame: Frame, head: Markup, nav: Markup): Markup {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${frame.title}</title>
${head}</head>
<body>
<a class="skip" href="#content">to the content</a>
<header>${frame.head}${nav}</header>
<main id="content" tabindex="-1">
${frame.content}
</main>
<footer><dl>${frame.facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl></footer>
</body>
</html>
`;
}

function navigation({ current, data }: Frame): Markup {
  const entry = (name: string, address: string, isCurrent: boolean) =>
    html`<a href="${address}"${isCurrent ? ownMarkup(' aria-current="page"') : ""}>${name}</a>`;
  const machine = data === null ? NOTHING : html`<a href="${data.address}">${data.name}</a>`;
  return html`<nav aria-label="pages">${entry("Status", "/", current === "status")}${entry("Runs", "/runs", current === "runs")}${machine}<a href="/metrics">Metrics</a><span id="live" role="status"></span></nav>`;
}
