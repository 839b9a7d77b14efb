import { z } from "zod";
import { readJson, writeCache } from "../state/files.ts";
import type { StatePaths } from "../state/paths.ts";
import { readAddress } from "./git-address.ts";
import { UpstreamRefs } from "./refs.ts";

const SCHEMA = 1;

const CachedRefs = z.strictObject({
  schema: z.literal(SCHEMA),
  upstream: z.string(),
  askedAt: z.iso.datetime(),
  refs: UpstreamRefs,
});

/** Upstream's answer when it was last asked; an unreadable cache is not the same as an absent one. */
export type CachedRefsReading =
  | { state: "absent" }
  | {
      state: "read";
      refs: UpstreamRefs;
      /** ISO 8601. */
      askedAt: string;
      /** As shown to people, without credentials. `shownUpstream` gives the same for a configured address. */
      upstream: string;
    }
  | { state: "unreadable"; problem: string };

/** Reads upstream's last answer, for `plan --no-sync`. */
export function readCachedRefs(state: StatePaths, recipe: string): CachedRefsReading {
  const reading = readJson(state.mirror(recipe).refs, CachedRefs, SCHEMA);
  if (reading.state !== "read") return reading;
  const { refs, askedAt, upstream } = reading.value;
  return { state: "read", refs, askedAt, upstream };
}

/** Keeps an answer of upstream, without the credentials of its address; `askedAt` is ISO 8601. */
export function writeCachedRefs(
  state: StatePaths,
  recipe: string,
  answer: { upstream: string; askedAt: string; refs: UpstreamRefs },
): void {
  const { askedAt, refs } = answer;
  const cached = { schema: SCHEMA, upstream: shownUpstream(answer.upstream), askedAt, refs };
  writeCache(state.mirror(recipe).refs, `${JSON.stringify(cached)}\n`);
}

/** An upstream's address without its credentials. */
export function shownUpstream(upstream: string): string {
  return readAddress(upstream).shown;
}
