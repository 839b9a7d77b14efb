import assert from "node:assert/strict";
import { latestRelease, readTags } from "../../../src/core/release-tag.ts";
import { isRefName, parseListing, parseUpstreamRefs } from "../../../src/mirror/refs.ts";
import { longInputs, shortInputs } from "../inputs.ts";
import type { FuzzedParser } from "../parser.ts";

const A = "a".repeat(40);
const B = "0123456789abcdef".repeat(4);
const LINES = [
  "ref: refs/heads/main\tHEAD\n",
  `${A}\tHEAD\n`,
  `${A}\trefs/tags/1.0.0+1\n`,
  `${A}\trefs/tags/2.0.0+1\n`,
  `${A}\trefs/tags/2.0.0+1^{}\n`,
  `${B}\trefs/tags/a/b\n`,
];
const GRAMMAR = {
  samples: [LINES.join(""), LINES.slice(0, 3).join(""), `${A}\tHEAD\n${A}\trefs/heads/x\n`, ""],
  pieces: [...LINES, A, B, "\t", "refs/tags/", "^{}", "HEAD", "..", ".lock", "@{", "~", "a".repeat(39)],
};

export const TAG_LIST: FuzzedParser = {
  name: "tag list",
  inputs: shortInputs(GRAMMAR),
  long: longInputs(GRAMMAR),
  accepts: (text) => {
    const parsed = parseUpstreamRefs(text);
    if ("problem" in parsed) {
      assert.ok(parsed.problem.length > 0 && parsed.problem.length < 2000);
      return false;
    }
    assertEveryLine(text);
    const { refs } = parsed;
    for (const { name, object, commit } of refs.tags) {
      assert.ok(isRefName(`refs/tags/${name}`), name);
      assert.match(`${object} ${commit}`, /^([0-9a-f]{40}|[0-9a-f]{64}) ([0-9a-f]{40}|[0-9a-f]{64})$/);
    }
    assert.equal(new Set(refs.tags.map(({ name }) => name)).size, refs.tags.length);
    assert.deepEqual(parseUpstreamRefs(listingOf(refs)), parsed);
    const { releases, notReleases } = readTags(refs.tags);
    assert.equal(releases.length + notReleases.length, refs.tags.length);
    assert.equal(latestRelease(releases, {}) === null, releases.length === 0);
    return true;
  },
};

/** No line is passed over in silence: each is a ref, or says what HEAD names. */
function assertEveryLine(text: string): void {
  const listing = parseListing(text);
  assert.ok(!("problem" in listing));
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("ref: "));
  assert.deepEqual(
    listing.refs.map(({ object, name }) => `${object}\t${name}`),
    lines,
  );
}

function listingOf(refs: Extract<ReturnType<typeof parseUpstreamRefs>, { refs: unknown }>["refs"]): string {
  const lines = refs.tags.flatMap(({ name, object, commit }) => [
    `${object}\trefs/tags/${name}`,
    ...(commit === object ? [] : [`${commit}\trefs/tags/${name}^{}`]),
  ]);
  if (refs.head !== null) lines.unshift(`${refs.head}\tHEAD`);
  if (refs.defaultBranch !== null) lines.unshift(`ref: refs/heads/${refs.defaultBranch}\tHEAD`);
  return lines.join("\n");
}
