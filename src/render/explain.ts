import type { RecordReading } from "../core/canonical.ts";
import type { Decision, DecisionReason, Finding } from "../core/decision/decision.ts";
import type { MirrorFacts, RecipeFacts } from "../core/decision/facts.ts";
import { isBroken, readTags } from "../core/release-tag.ts";
import type { Layout } from "./paint.ts";
import { renderCommand, renderFacts, renderHeading, renderParagraph } from "./paragraph.ts";
import { renderNotes } from "./plan.ts";
import { renderTable } from "./table.ts";

export interface ExplanationView {
  facts: RecipeFacts;
  decision: Decision;
  rules: readonly { reason: DecisionReason; applies: boolean; finding: Finding | null }[];
  base: string | null;
  notes: readonly string[];
}

/** All facts and rules behind one decision. */
export function renderExplanation(explanation: ExplanationView, layout: Layout): string {
  const { decision, facts } = explanation;
  return [
    renderParagraph(`${decision.recipe}: ${decision.action} ${decision.reason}`, layout),
    renderParagraph(decision.detail, layout, "  "),
    decision.command === undefined ? "" : renderCommand(decision.command, layout, "  "),
    renderHeading("Facts", layout),
    renderFacts(factsOf(explanation), layout),
    renderTags(facts, layout),
    renderHeading("Rules, in the order in which they are judged", layout),
    renderRules(explanation, layout),
    renderNotes(explanation.notes, layout),
  ].join("");
}

function factsOf({ facts, decision, base }: ExplanationView): [string, string][] {
  return [
    ["upstream", describeMirror(facts.mirror)],
    ["latest release", describeVersion(decision.latest)],
    ["canonical", describeRecord(facts.record)],
    ["upgrade from", base ?? "nothing: there is no older release that is not broken"],
    ["hold", describeHold(facts)],
    [
      "broken",
      Object.entries(facts.broken)
        .map(([name, why]) => `${name} (${why})`)
        .join(", ") || "none",
    ],
    ["requires", facts.requires.map(describeProvider).join(", ") || "nothing"],
  ];
}

function describeMirror(mirror: MirrorFacts): string {
  if (mirror.state === "failed") return `no answer: ${mirror.problem}`;
  return `${mirror.tags.length} tags, asked ${mirror.askedAt}`;
}

function describeVersion(version: Decision["latest"]): string {
  return version === null
    ? "none"
    : `${version.version}, commit ${version.commit}, tag object ${version.tagObject}`;
}

function describeRecord(record: RecordReading): string {
  switch (record.state) {
    case "absent":
      return "none";
    case "read":
      return `${record.record.version} (${record.record.status}), commit ${record.record.commit}, written ${record.record.ts}`;
    case "unreadable":
      return `unreadable: ${record.problem}`;
    case "orphaned":
      return `no record, but its volumes: ${record.volumes.join(", ")}`;
  }
}

function describeHold({ hold }: RecipeFacts): string {
  if (hold === null) return "none";
  return `${hold.reason}, until ${hold.until}${hold.owner === undefined ? "" : `, owner ${hold.owner}`}`;
}

function describeProvider(provider: RecipeFacts["requires"][number]): string {
  return `${provider.recipe} (${provider.mode}): ${provider.problem ?? "usable"}`;
}

function renderTags({ mirror, broken }: RecipeFacts, layout: Layout): string {
  if (mirror.state !== "synced" || mirror.tags.length === 0) return "";
  const { releases, notReleases } = readTags(mirror.tags);
  const rows = [
    ...releases
      .toReversed()
      .map((each) => [
        each.name,
        isBroken(each.name, broken) ? `broken: ${broken[each.name]}` : "release",
        each.commit.slice(0, 12),
      ]),
    ...notReleases.map((each) => [each.name, `no release: ${each.reason}`, ""]),
  ];
  return `${renderHeading("Tags, the newest release first", layout)}${renderTable(["TAG", "IS", "COMMIT"], rows, layout)}`;
}

function renderRules({ rules, decision }: ExplanationView, layout: Layout): string {
  const rows = rules.map(({ reason, applies, finding }) => [
    reason,
    finding?.action ?? "",
    applies ? (reason === decision.reason ? "decides" : "applies") : "does not apply",
    finding?.detail ?? "",
  ]);
  return renderTable(["RULE", "ACTION", "", "BECAUSE"], rows, layout);
}
