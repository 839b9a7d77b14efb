import type { Rule } from "./rule.ts";
import { commitKept } from "./rules/canonical/commit-kept.ts";
import { dataExists } from "./rules/canonical/data-exists.ts";
import { dataUnchanged } from "./rules/canonical/data-unchanged.ts";
import { fingerprintDerived } from "./rules/canonical/fingerprint-derived.ts";
import { historyComplete } from "./rules/canonical/history-complete.ts";
import { historyLeads } from "./rules/canonical/history-leads.ts";
import { idleNotMounted } from "./rules/canonical/idle-not-mounted.ts";
import { keptFiles } from "./rules/canonical/kept-files.ts";
import { keptTests } from "./rules/canonical/kept-tests.ts";
import { newestPromotion } from "./rules/canonical/newest-promotion.ts";
import { recordAsRun } from "./rules/canonical/record-as-run.ts";
import { recordReadable } from "./rules/canonical/record-readable.ts";
import { runExists } from "./rules/canonical/run-exists.ts";
import { runPassed } from "./rules/canonical/run-passed.ts";
import { secretsExist } from "./rules/canonical/secrets-exist.ts";
import { tagMirror } from "./rules/canonical/tag-mirror.ts";
import { tagUpstream } from "./rules/canonical/tag-upstream.ts";
import { countsDerived } from "./rules/run/counts-derived.ts";
import { enrolledHasRow } from "./rules/run/enrolled-has-row.ts";
import { exceptionsInForce } from "./rules/run/exceptions-in-force.ts";
import { journalWhole } from "./rules/run/journal-whole.ts";
import { labelDerived } from "./rules/run/label-derived.ts";
import { noResidue } from "./rules/run/no-residue.ts";
import { reportReadable } from "./rules/run/report-readable.ts";
import { rowAsJournaled } from "./rules/run/row-as-journaled.ts";
import { runAlone } from "./rules/run/run-alone.ts";
import { tierEnds } from "./rules/run/tier-ends.ts";

/** Every rule of an audit: canonicals first, then reports, then facts about no single recipe. */
export const RULES: readonly Rule[] = [
  ...[recordReadable, tagUpstream, tagMirror, commitKept, runExists, runPassed, runAlone, recordAsRun],
  ...[newestPromotion, dataExists, dataUnchanged, idleNotMounted, secretsExist, keptFiles, keptTests],
  ...[historyLeads, historyComplete, enrolledHasRow, exceptionsInForce],
  ...[reportReadable, journalWhole, rowAsJournaled, tierEnds, labelDerived, countsDerived],
  ...[fingerprintDerived, noResidue],
];
