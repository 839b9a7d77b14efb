import { type Facts, linesOf, type TestText } from "../facts.ts";
import type { Found } from "../finding.ts";
import type { Rule } from "../rule.ts";

export const testAssertsNoRelease: Rule = {
  id: "test-asserts-no-release",
  level: "warning",
  title: "a test whose assertion no release meets",
  check: (facts) => facts.tests.flatMap((test) => checkTest(test, facts)),
};

function checkTest({ file, text }: TestText, facts: Facts): Found[] {
  return linesOf(text).flatMap(({ line, text: content }) => {
    if (/^\s*(#|\/\/)/.test(content)) return [];
    const plain = content.replaceAll(/\\([.+:/-])/g, "$1");
    const asserted = [...assertedImages(plain, facts), ...assertedVersions(plain, facts)];
    return asserted.slice(0, 1).map(({ what, kind }) => ({
      message: `${file} asserts the ${kind} ${what}, which stands in no release (there are ${facts.releases.length}): it is red by construction`,
      mend: `assert what the release itself says (\`$SWEEP_VERSION\`), or mark the test in recipe.yaml: \`tests: { ${file.replace(/^tests\//, "")}: { only: ref, reason: … } }\`, or \`versions:\` with the range that it is for`,
      at: { base: "configuration" as const, file, line, column: Math.max(0, plain.indexOf(what)) + 1 },
    }));
  });
}

interface Asserted {
  what: string;
  kind: "image" | "version";
}

// A complete reference, not continued by a shell or a pattern.
const IMAGE =
  /(?<![\w./@$}:-])((?:[a-z0-9][a-z0-9.-]*(?::\d+)?\/)*[a-z0-9][a-z0-9._-]*):([A-Za-z0-9_][\w.-]*)(?![\w$*{[(\\+/:])/g;
const WITHOUT_TAG =
  /(?<![\w./@$}:-])((?:[a-z0-9][a-z0-9.-]*(?::\d+)?\/)+[a-z0-9][a-z0-9._-]*)(?![\w$*{[(\\/:.-])/g;

function assertedImages(line: string, { knownImages }: Facts): Asserted[] {
  const known = [...knownImages];
  const programs = new Set(known.map((image) => programOf(image)));
  const isOurs = (image: string) => programs.has(programOf(image));
  const stands = (image: string) => known.some((each) => each.includes(withoutHub(image)));
  const tagged = [...line.matchAll(IMAGE)]
    .filter(([, name = "", tag = ""]) => name.includes("/") || !/^\d{2,5}$/.test(tag))
    .map(([whole]) => whole);
  const bare = /image/i.test(line) ? [...line.matchAll(WITHOUT_TAG)].map(([whole]) => whole) : [];
  return [...tagged, ...bare]
    .filter((image) => isOurs(image) && !stands(image))
    .map((what) => ({ what, kind: "image" }));
}

// Docker's own registry may be omitted.
function withoutHub(image: string): string {
  return image.replace(/^docker\.io\/(library\/)?/, "");
}

/** The last part of an image's name: `gitea` of `docker.gitea.com/gitea:1.24`. */
function programOf(image: string): string {
  return (image.split("@")[0] ?? "").split("/").at(-1)?.split(":")[0] ?? "";
}

const RELEASE = /(?<![\w.+])v?\d+\.\d+\.\d+\+[\w.-]*\w/g;

function assertedVersions(line: string, { releases }: Facts): Asserted[] {
  return [...line.matchAll(RELEASE)]
    .map(([what]) => what)
    .filter((what) => !releases.some((name) => name.includes(what.replace(/^v/, ""))))
    .map((what) => ({ what, kind: "version" }));
}
