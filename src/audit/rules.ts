import type { Rule } from "./rule.ts";
import { commitKept } from "./rules/commit-kept.ts";
import { countsDerived } from "./rules/counts-derived.ts";
import { dataExists } from "./rules/data-exists.ts";
import { dataUnchanged } from "./rules/data-unchanged.ts";
import { enrolledHasRow } from "./rules/enrolled-has-row.ts";
import { exceptionsInForce } from "./rules/exceptions-in-force.ts";
import { fingerprintDerived } from "./rules/fingerprint-derived.ts";
import { historyComplete } from "./rules/history-complete.ts";
import { historyLeads } from "./rules/history-leads.ts";
import { idleNotMounted } from "./rules/idle-not-mounted.ts";
import { journalWhole } from "./rules/journal-whole.ts";
import { keptFiles } from "./rules/kept-files.ts";
import { keptTests } from "./rules/kept-tests.ts";
import { labelDerived } from "./rules/label-derived.ts";
import { newestPromotion } from "./rules/newest-promotion.ts";
import { noResidue } from "./rules/no-residue.ts";
import { recordAsRun } from "./rules/record-as-run.ts";
import { recordReadable } from "./rules/record-readable.ts";
import { reportReadable } from "./rules/report-readable.ts";
import { rowAsJournaled } from "./rules/row-as-journaled.ts";
import { runAlone } from "./rules/run-alone.ts";
import { runExists } from "./rules/run-exists.ts";
import { runPassed } from "./rules/run-passed.ts";
import { secretsExist } from "./rules/secrets-exist.ts";
import { tagMirror } from "./rules/tag-mirror.ts";
import { tagUpstream } from "./rules/tag-upstream.ts";
import { tierEnds } from "./rules/tier-ends.ts";

/** Every rule of an audit: canonicals first, then the reports, then what is of no single recipe. */
export const RULES: readonly Rule[] = [
  ...[recordReadable, tagUpstream, tagMirror, commitKept, runExists, runPassed, runAlone, recordAsRun],
  ...[newestPromotion, dataExists, dataUnchanged, idleNotMounted, secretsExist, keptFiles, keptTests],
  ...[historyLeads, historyComplete, enrolledHasRow, exceptionsInForce],
  ...[reportReadable, journalWhole, rowAsJournaled, tierEnds, labelDerived, countsDerived],
  ...[fingerprintDerived, noResidue],
];
