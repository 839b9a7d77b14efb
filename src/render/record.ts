import type { Canonical } from "../core/canonical.ts";
import { formatBytes } from "../core/duration.ts";
import type { Layout } from "./paint.ts";
import { renderFacts, renderParagraph } from "./paragraph.ts";

/** A canonical's record after `act` (`adopted`, `revoked`). */
export function renderRecord(act: string, record: Canonical, layout: Layout): string {
  const bytes = (record.volumes ?? []).reduce((sum, volume) => sum + volume.bytes, 0);
  const facts: [string, string][] = [
    ["version", record.version],
    ["commit", record.commit],
    ["status", record.status],
    ["written", record.ts],
    ["volumes", `${record.volumes?.length ?? 0}, ${formatBytes(bytes)}`],
  ];
  if (record.revoked !== undefined) facts.push(["revoked", record.revoked.reason]);
  return renderParagraph(`${record.recipe}: ${act}`, layout) + renderFacts(facts, layout);
}
