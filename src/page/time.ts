import { formatDuration } from "../core/duration.ts";
import { html, type Markup } from "./markup.ts";

/** `3 d ago`, followed by the exact time. `now` is in milliseconds since the epoch. */
export function agoOf(at: string, now: number): Markup {
  const ms = now - Date.parse(at);
  if (Number.isNaN(ms)) return html`${at}`;
  return html`<time datetime="${at}" title="${at}">${ageOf(ms)} ago</time>`;
}

/** `3 d`, followed by the exact beginning. */
export function ageSince(at: string, now: number): Markup {
  const ms = now - Date.parse(at);
  if (Number.isNaN(ms)) return html`${at}`;
  return html`<time datetime="${at}" title="since ${at}">${ageOf(ms)}</time>`;
}

/** `for 3m 05s`, counted on by the script if there is one. */
export function runningSince(at: string, now: number): Markup {
  const ms = now - Date.parse(at);
  if (Number.isNaN(ms)) return html`since ${at}`;
  return html`for <time datetime="${at}" data-since="${at}">${formatDuration(Math.max(0, ms))}</time>`;
}

/** An age in its largest unit: `42 s`, `5 min`, `7 h`, `9 d`. */
export function ageOf(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 48 * 3600) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

/** `2026-06-14 03:00 UTC`. */
export function clockOf(at: string): string {
  const ms = Date.parse(at);
  return Number.isNaN(ms) ? at : `${new Date(ms).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
