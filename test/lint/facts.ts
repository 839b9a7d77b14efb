import { hash } from "node:crypto";
import type { DriverName } from "../../src/core/driver-traits.ts";
import { stackName } from "../../src/core/stack-name.ts";
import { checkRelease } from "../../src/lint/check.ts";
import type { Facts, ReleaseFiles } from "../../src/lint/facts.ts";
import { knownImages, mayNameImages } from "../../src/lint/known-images.ts";
import { readReleaseFacts } from "../../src/lint/read-release.ts";

export type Files = Readonly<Record<string, string>>;

export interface FactsOptions {
  driver?: DriverName;
  /** The warm domain; its stack's name begins behind `proxy` unless another is given. */
  domain?: string;
  env?: Readonly<Record<string, string>>;
  /** What differs in the release before; there is none where this is not given. */
  base?: Readonly<Record<string, string | null>>;
  /** Lightweight ones end with `!`. */
  tags?: readonly string[];
  tests?: Files;
  hasSetup?: boolean;
}

/** The facts of a release with these files, as they are read from a repository. */
export function factsOf(files: Files, options: FactsOptions = {}): Facts {
  const { driver = "swarm", domain = "warm-sample.ci.test", env = {}, tests = {}, base } = options;
  const { tags = ["0.9.0+1.0", "1.0.0+2.0"] } = options;
  const reader = { driver, domain, env };
  const older = { ...files, ...base };
  const baseFacts = base === undefined ? null : readReleaseFacts("0.9.0+1.0", filesOf(older), reader);
  return {
    driver,
    stack: stackName(domain),
    release: readReleaseFacts("1.0.0+2.0", filesOf(files), reader),
    base: baseFacts,
    upgraded:
      baseFacts === null ? null : readReleaseFacts("1.0.0+2.0", filesOf(files), reader, baseFacts.entries),
    hasSetup: options.hasSetup ?? false,
    releases: tags.map((name) => name.replace(/!$/, "")),
    lightweightTags: tags.filter((name) => name.endsWith("!")).map((name) => name.slice(0, -1)),
    tests: Object.entries(tests).map(([file, text]) => ({ file, text })),
    knownImages: knownImages(
      [...Object.entries(files), ...Object.entries(older)].flatMap(([path, text]) =>
        text !== null && mayNameImages(path) ? [{ path, text }] : [],
      ),
    ),
  };
}

function filesOf(files: Readonly<Record<string, string | null>>): ReleaseFiles {
  return new Map(
    Object.entries(files).flatMap(([path, text]) =>
      text === null ? [] : [[path, { object: hash("sha1", text), text }] as const],
    ),
  );
}

/** What the rules say of a release, one line a finding: `error compose.yml:3:5 rule`. */
export function findingsOf(files: Files, options: FactsOptions = {}): string[] {
  return checkRelease(factsOf(files, options)).findings.map(
    ({ level, rule, at }) => `${level} ${at === null ? "-" : `${at.file}:${at.line}`} ${rule}`,
  );
}
