import { createHash } from "node:crypto";
import type { ToolReport } from "./preflight.ts";

/** The facts about a tool that a report keeps. */
export type FingerprintedTool = Pick<ToolReport, "name" | "path" | "version" | "hash">;

/** 16 hex digits that are equal wherever the same tools are at the same paths, whatever is inherited. */
export function fingerprint(tools: readonly FingerprintedTool[]): string {
  const lines = tools.map(({ name, path, version, hash }) => JSON.stringify([name, path, version, hash]));
  return createHash("sha256").update(lines.sort().join("\n")).digest("hex").slice(0, 16);
}

/** The part of tool reports in `report.json`. */
export function reportedTools(reports: readonly ToolReport[]): FingerprintedTool[] {
  return reports.map(({ name, path, version, hash }) => ({ name, path, version, hash }));
}

/** A line for each tool that differs; empty if the environments are the same. */
export function compareFingerprints(
  before: readonly FingerprintedTool[],
  after: readonly FingerprintedTool[],
): string[] {
  const names = [...new Set([...before, ...after].map((tool) => tool.name))].sort();
  return names.flatMap((name) => {
    const old = before.find((tool) => tool.name === name);
    const now = after.find((tool) => tool.name === name);
    const difference = differenceOf(old, now);
    return difference === null ? [] : [`${name}: ${difference}`];
  });
}

function differenceOf(old: FingerprintedTool | undefined, now: FingerprintedTool | undefined): string | null {
  if (old === undefined) return `not looked at before, ${shown(now)} now`;
  if (now === undefined) return `${shown(old)} before, not looked at now`;
  if (old.path !== now.path || old.version !== now.version) return `${shown(old)} before, ${shown(now)} now`;
  return old.hash === now.hash ? null : `${shown(now)}, but its file has changed`;
}

function shown(tool: FingerprintedTool | undefined): string {
  if (tool?.path == null) return "missing";
  return tool.version === null ? tool.path : `${tool.version} (${tool.path})`;
}
