import { formatDuration } from "../core/duration.ts";
import { kindOf } from "../core/label/label.ts";
import type { ProgressEvent } from "../run/progress.ts";
import { type Layout, toneOf } from "./paint.ts";
import { renderParagraph } from "./paragraph.ts";
import { renderLabel } from "./report.ts";

/** The permanent line for an event; null for events that only move a live line. A label is shown whole. */
export function renderEvent(event: ProgressEvent, layout: Layout): string | null {
  switch (event.kind) {
    case "recovering":
      return renderParagraph(`cleaning up after a dead run: ${event.what}`, layout);
    case "synced":
      return event.problem === null ? null : renderParagraph(`${event.recipe}: ${event.problem}`, layout);
    case "decided":
      return event.action === "RUN" ? null : renderDecided(event, layout);
    case "ended":
      return renderEnd(event, layout);
    case "note":
      return renderParagraph(event.text, layout);
    default:
      return null;
  }
}

// A recipe that is not run has no other line; the table at the end has the rest.
function renderDecided(event: Extract<ProgressEvent, { kind: "decided" }>, layout: Layout): string {
  const text = `${event.action} ${event.reason}`;
  return `${event.recipe}  ${layout.paint(toneOf(event.action === "RUN" ? null : event.action), text)}\n`;
}

function renderEnd(event: Extract<ProgressEvent, { kind: "ended" }>, layout: Layout): string {
  const took = event.durationMs === 0 ? "" : `  ${formatDuration(event.durationMs)}`;
  const oneLine = `${event.recipe}  ${event.label}${took}`;
  if (oneLine.length > layout.width || event.detail !== "")
    return [
      `${event.recipe}${took}\n`,
      renderLabel({ label: event.label, kind: kindOf(event) }, layout),
      event.detail === "" ? "" : renderParagraph(event.detail, layout, "  "),
    ].join("");
  return `${event.recipe}  ${layout.paint(toneOf(kindOf(event)), event.label)}${took}\n`;
}
