/** What a recipe of the zoo deserves. A label, a cause or a confidence that ends with `…` may go on in any way. */
export interface Expected {
  /** The label in the first and in the second sweep. */
  labels: readonly [string, string];
  /** What `investigate` says of the red of the second sweep, and the runs that it stands on; null: not red. */
  cause: string | null;
  confidence: string | null;
  /** The rules by which `lint` names it, errors and warnings. */
  lint: readonly string[];
}

const NEVER = "SKIP never-released";
const QUIET = "SKIP no-new-version";

const CONTROL = "1 of 1 of the control recipe green";
const ALONE = "3 of 3 alone red with the same first error";
const BY_CHANCE = "such a difference between the kinds of runs is chance at most once in";
const EVEN_FLAKE = "a flake that is green every other time would be red in all 3 runs once in 8";

/** The table that the zoo is compared with. */
export const EXPECTED: Readonly<Record<string, Expected>> = {
  "alias-collision": red(
    [NEVER, "GREEN-BUT-PROMOTE-FAILED (canonical=none, expected 1.0.0+1.0)"],
    ["recipe", CONTROL],
    ["shared-network-alias"],
  ),
  brochure: quiet("PASS (promoted 0.1.0+v1; data not proven)"),
  cloud: quiet("PASS (promoted 10.0.0+29.0)"),
  "crash-loop": red(
    [NEVER, "FAIL (red at install; canonical unchanged: none)"],
    ["recipe", `2 of 2 of the control recipe green; ${ALONE}; ${BY_CHANCE} 29`],
  ),
  // How many runs under load it takes depends on how much slower the sweep was than the runs alone.
  "flake-under-load": red(
    [NEVER, "FAIL (red at custom; canonical unchanged: none)"],
    ["flake (load)", `${CONTROL}; 3 of 3 alone green; …`],
  ),
  "git-server": quiet("PASS (promoted 1.0.0+2.39)"),
  "jwt-read-only": red(
    ["PASS (promoted 1.0.0+1.9)", "GREEN-BUT-PROMOTE-FAILED (canonical=1.0.0+1.9, expected 2.0.0+2.0)"],
    [
      "recipe",
      `${CONTROL}; 3 of 3 on a copy of the canonical's data red with the same first error; 2 of 2 of the known-good release on a copy of its data green; ${BY_CHANCE} 46`,
    ],
    ["read-only-config"],
  ),
  login: quiet("PASS (promoted 2.0.0+26.1)"),
  migrations: quiet("PASS (promoted 1.1.0+1.1)"),
  "missing-tool": red(
    [NEVER, "BLOCKED (machinery: a tool is missing: zoo-json-reader…"],
    ["machinery", `${CONTROL}; 1 of 1 alone ended by the machinery`],
  ),
  nginx: {
    ...quiet(QUIET),
    labels: [
      "PASS (promoted 1.1.0+1.22.1; data not proven)",
      "PASS (promoted 1.2.0+1.22.2; data not proven)",
    ],
  },
  "no-restore-hook": red(
    [NEVER, "FAIL (red at restore; canonical unchanged: none)"],
    ["recipe", `${CONTROL}; ${ALONE}; ${EVEN_FLAKE}`],
    ["hot-database-directory", "restore-hook-missing"],
  ),
  postgres: quiet("PASS (promoted 1.1.0+15.18)"),
  "pull-request-test": quiet("PASS (promoted 1.0.0+1.0; data not proven)"),
  redis: quiet("PASS (promoted 1.0.0+7.0)"),
  shop: quiet("PASS (promoted 0.9.0+0.9; data not proven)"),
  "slow-start": quiet("PASS (promoted 2.0.0+8; data not proven)"),
  "stale-test": red(
    [
      "PASS (promoted 1.0.0+1.4.68; data not proven)",
      "FAIL (red at custom; canonical unchanged: 1.0.0+1.4.68)",
    ],
    [
      "test",
      `${CONTROL}; ${ALONE}; 2 of 2 of the known-good release red with the same first error; 2 of 2 with the tests of the last green green; ${BY_CHANCE} 29`,
    ],
    ["test-asserts-no-release"],
  ),
  "undefined-service": red(
    [NEVER, "FAIL (red at install; canonical unchanged: none)"],
    ["recipe", `${CONTROL}; ${ALONE}; ${EVEN_FLAKE}`],
    ["compose-unreadable"],
  ),
  voice: quiet("PASS (promoted 0.3.0+1.4.287; data not proven)"),
  wiki: quiet("PASS (promoted 3.1.0+1.41)"),
};

/** Promoted in the first sweep, and left alone in the second; `lint` finds nothing in it. */
function quiet(label: string): Expected {
  return { labels: [label, QUIET], cause: null, confidence: null, lint: [] };
}

function red(
  labels: Expected["labels"],
  [cause, confidence]: readonly [string, string],
  lint: readonly string[] = [],
): Expected {
  return { labels, cause, confidence, lint };
}
