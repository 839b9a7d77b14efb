import type { Step } from "../command/step.ts";
import type { MirrorConfig } from "../config/config.ts";
import type { ActResult, Failure } from "../core/act.ts";
import { readSecretFile } from "../state/secret-file.ts";
import { type BareRefs, differences, MAIN, shownRefs, TAGS, wantedRefs } from "./bare.ts";
import { basicAuthorization, type GitAddress, readAddress } from "./git-address.ts";
import { askRepository, type GitMeans } from "./network-git.ts";
import { parseListing, type UpstreamRefs } from "./refs.ts";

/** The mirror on a forge, with its token. */
export interface OpenMirror {
  address: GitAddress;
  forge: { url: string; token: string } | null;
  notes: string[];
}

/** Reads the token of the mirror's forge. A token file that others may read adds a note. */
export function openMirror(mirror: MirrorConfig, step: Step): ActResult<OpenMirror> {
  const address = readAddress(mirror.url);
  if (mirror.forge === null) return { ok: true, value: { address, forge: null, notes: [] } };
  const { tokenFile, url } = mirror.forge;
  const read = readSecretFile(tokenFile);
  if ("problem" in read)
    return { ok: false, failure: { ...FAILED, message: `forge token: ${read.problem}` } };
  const notes = read.othersMayRead ? [`every user of this machine may read ${tokenFile}: chmod 600 it`] : [];
  for (const note of notes) step.warn(note);
  const withToken = authorize(address, read.text);
  return { ok: true, value: { address: withToken, forge: { url, token: read.text }, notes } };
}

/**
 * Brings `main` and the tags of the mirror to upstream's with one atomic push of the differences, and reads them back.
 * Nothing else is ever pushed or deleted. Returns whether there was anything to push.
 */
export async function pushMirror(
  bare: string,
  mirror: OpenMirror,
  refs: UpstreamRefs,
  means: GitMeans,
): Promise<ActResult<boolean>> {
  const wanted = wantedRefs(refs);
  const before = await askMirror(mirror.address, means);
  if (!before.ok) return before;
  const names = differences(wanted, before.value);
  if (names.length === 0) return { ok: true, value: false };
  const command = {
    verb: "push",
    options: ["--quiet", "--atomic", "--no-verify", "--no-follow-tags", "--recurse-submodules=no"],
    after: names.map((name) => refspec(name, wanted.get(name))),
    bare,
  };
  const pushed = await askRepository(command, mirror.address, means);
  if (!pushed.ok) return pushed;
  return readBack(mirror, wanted, means);
}

async function readBack(mirror: OpenMirror, wanted: BareRefs, means: GitMeans): Promise<ActResult<boolean>> {
  const after = await askMirror(mirror.address, means);
  if (!after.ok) return after;
  const wrong = differences(wanted, after.value);
  if (wrong.length === 0) return { ok: true, value: true };
  const message = `git push succeeded, but ${mirror.address.shown} still differs in: ${shownRefs(wrong)}`;
  return { ok: false, failure: { ...FAILED, message } };
}

async function askMirror(address: GitAddress, means: GitMeans): Promise<ActResult<BareRefs>> {
  const command = { verb: "ls-remote", options: ["--refs"], after: [MAIN, `${TAGS}*`] };
  const asked = await askRepository(command, address, means);
  if (!asked.ok) return asked;
  const listing = parseListing(asked.value.stdout);
  if ("problem" in listing) return { ok: false, failure: { ...FAILED, message: listing.problem } };
  const ours = listing.refs.filter((ref) => ref.name === MAIN || ref.name.startsWith(TAGS));
  return { ok: true, value: new Map(ours.map((ref) => [ref.name, ref.object])) };
}

function refspec(name: string, object: string | undefined): string {
  return object === undefined ? `:${name}` : `+${object}:${name}`;
}

function authorize(address: GitAddress, token: string): GitAddress {
  const authorization = basicAuthorization("canonical-sweep", token);
  const secrets = [...address.secrets, token, authorization.slice("Basic ".length)];
  const isHttp = /^https?:/i.test(address.url);
  return { ...address, authorization: isHttp ? authorization : null, secrets };
}

const FAILED: Pick<Failure, "cause" | "step"> = { cause: "machinery", step: "git push" };
