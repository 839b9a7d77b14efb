import type { ActResult, Failure } from "../core/act.ts";
import { askUpstream } from "./ask.ts";
import { type BareRefs, differences, makeBare, readBare, shownRefs, wantedRefs } from "./bare.ts";
import { clearTheWay, fetchUpstream } from "./fetch.ts";
import { readAddress } from "./git-address.ts";
import { isDamaged } from "./local-run.ts";
import type { GitMeans } from "./network-git.ts";
import { findDamaged, rebuildBare } from "./rebuild.ts";
import type { UpstreamRefs } from "./refs.ts";

/** A bare mirror and its upstream. */
export interface Mirrored {
  bare: string;
  upstream: string;
  means: GitMeans;
}

export interface BareSync {
  /** Upstream's refs, which the bare mirror was found to match. */
  refs: UpstreamRefs;
  fetched: boolean;
  notes: string[];
}

/**
 * Brings the local bare mirror to `refs`, fetching only differences, and reads it back. If upstream moved in between,
 * asks it once more. A damaged mirror is rebuilt, with the kept commits.
 */
export async function syncBare(mirrored: Mirrored, refs: UpstreamRefs): Promise<ActResult<BareSync>> {
  const { bare, means } = mirrored;
  const opened = await openBare(mirrored, refs);
  if (!opened.ok) return opened;
  const { notes } = opened.value;
  if (isFaithful(refs, opened.value.refs))
    return { ok: true, value: { refs, fetched: opened.value.rebuilt, notes } };
  await clearTheWay(bare, refs, opened.value.refs, means.tools);
  const fetched = await fetchOrRebuild(mirrored, refs, notes);
  if (!fetched.ok) return fetched;
  if (isFaithful(refs, fetched.value)) return { ok: true, value: { refs, fetched: true, notes } };
  return followMovedUpstream(mirrored, notes);
}

interface OpenedBare {
  refs: BareRefs;
  rebuilt: boolean;
  notes: string[];
}

async function openBare(mirrored: Mirrored, refs: UpstreamRefs): Promise<ActResult<OpenedBare>> {
  const { bare, upstream, means } = mirrored;
  const reading = await readBare(bare, means.tools);
  if (reading.state === "read") return { ok: true, value: { refs: reading.refs, rebuilt: false, notes: [] } };
  if (reading.state === "absent" && findDamaged(bare) === null) {
    await makeBare(bare, refs, means.tools);
    return { ok: true, value: { refs: new Map(), rebuilt: false, notes: [] } };
  }
  if (reading.state === "damaged" && !reading.proven && !(await isDamaged(bare, means.tools, means.step)))
    return { ok: false, failure: notReadable(bare, reading.problem) };
  const why = reading.state === "damaged" ? reading.problem : "an earlier rebuilding was cut short";
  const rebuilt = await rebuildBare(bare, readAddress(upstream), refs, why, means);
  if (!rebuilt.ok) return rebuilt;
  const found = await readBack(bare, means);
  return found.ok ? { ok: true, value: { refs: found.value, rebuilt: true, notes: rebuilt.value } } : found;
}

async function fetchOrRebuild(
  { bare, upstream, means }: Mirrored,
  refs: UpstreamRefs,
  notes: string[],
): Promise<ActResult<BareRefs>> {
  const address = readAddress(upstream);
  const fetched = await fetchUpstream(bare, address, refs, means);
  if (fetched.ok) return readBack(bare, means);
  if (fetched.failure.cause !== "machinery" || !(await needsRebuilding(bare, fetched.failure.message, means)))
    return fetched;
  const rebuilt = await rebuildBare(bare, address, refs, fetched.failure.message, means);
  if (!rebuilt.ok) return rebuilt;
  notes.push(...rebuilt.value);
  return readBack(bare, means);
}

// The state folder has one holder, so any lock file found was left by a killed git.
async function needsRebuilding(bare: string, message: string, means: GitMeans): Promise<boolean> {
  return /\.lock': File exists/.test(message) || (await isDamaged(bare, means.tools, means.step));
}

/** Upstream changed between the question and the fetch: the mirror must match its new answer. */
async function followMovedUpstream(
  { bare, upstream, means }: Mirrored,
  notes: string[],
): Promise<ActResult<BareSync>> {
  const asked = await askUpstream(upstream, means.tools, means.environment, means.step);
  if (!asked.ok) return asked;
  let found = await readBack(bare, means);
  if (found.ok && !isFaithful(asked.value, found.value)) {
    await clearTheWay(bare, asked.value, found.value, means.tools);
    const fetched = await fetchUpstream(bare, readAddress(upstream), asked.value, means);
    found = fetched.ok ? await readBack(bare, means) : fetched;
  }
  if (!found.ok) return found;
  const wrong = differences(wantedRefs(asked.value), found.value);
  if (wrong.length > 0) return { ok: false, failure: notFaithful(wrong) };
  const moved = "upstream changed while it was fetched; it was asked again";
  means.step.warn(moved);
  return { ok: true, value: { refs: asked.value, fetched: true, notes: [...notes, moved] } };
}

async function readBack(bare: string, means: GitMeans): Promise<ActResult<BareRefs>> {
  const reading = await readBare(bare, means.tools);
  if (reading.state === "read") return { ok: true, value: reading.refs };
  const problem = reading.state === "damaged" ? reading.problem : "it is not there";
  return { ok: false, failure: notReadable(bare, problem) };
}

function notReadable(bare: string, problem: string): Failure {
  return { cause: "machinery", step: "sync", message: `the local mirror ${bare} cannot be read: ${problem}` };
}

function isFaithful(refs: UpstreamRefs, found: BareRefs): boolean {
  return differences(wantedRefs(refs), found).length === 0;
}

function notFaithful(wrong: readonly string[]): Failure {
  const message = `after the fetch the local mirror still differs from upstream in: ${shownRefs(wrong)}`;
  return { cause: "machinery", step: "sync", message };
}
