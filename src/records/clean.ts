import { join } from "node:path";
import { appendHistory, readRecord } from "../canonical/store.ts";
import { deadlineIn } from "../command/deadline.ts";
import { describeFailure, type Failure } from "../core/act.ts";
import { EXIT, type ExitCode } from "../core/exit-code.ts";
import { createEvidence } from "../evidence/evidence.ts";
import { Fault } from "../fault.ts";
import { isoTime } from "../log.ts";
import { appUnderTest, warmApp } from "../run/app-under-test.ts";
import { configuredRecipe } from "../run/configured-recipe.ts";
import type { Context } from "../run/context.ts";
import { laneOf } from "../run/lanes.ts";
import { withRun } from "../run/open-run.ts";
import { lastingStep } from "../run/run.ts";
import type { Unsettled } from "../run/settle-promotions.ts";
import { listFolder } from "../state/files.ts";
import { findResidue } from "./residue.ts";

const LIMIT_MS = 10 * 60_000;

export interface CleanReport {
  removed: string[];
  /** Our objects that stay, with the reason. */
  kept: string[];
  /** Problems that could not be put right: the next run tries again. */
  unsettled: readonly Unsettled[];
  exit: ExitCode;
}

/** Removes our objects that belong to no canonical, no hold and no running test. A dry run only looks. */
export async function cleanResidue(context: Context, options: { dryRun: boolean }): Promise<CleanReport> {
  const kept = listFolder(context.state.canonicals).map((recipe) => `the canonical of ${recipe}`);
  if (options.dryRun) return { removed: await findResidue(context), kept, unsettled: [], exit: EXIT.ok };
  const { recovered, unsettled } = await withRun(context, "clean", async (open) => open);
  return { removed: recovered, kept, unsettled, exit: unsettled.length === 0 ? EXIT.ok : EXIT.findings };
}

/** Discards the data of a canonical that has no record, on a request with the recipe's name. */
export async function discardOrphan(context: Context, name: string): Promise<{ removed: string[] }> {
  const recipe = configuredRecipe(context, name);
  return withRun(context, `clean --discard ${name}`, async (open) => {
    const paths = context.state.canonical(name);
    const reading = readRecord(paths, name);
    if (reading.state !== "absent")
      throw new Fault(
        "refused",
        `${name} has a record: its data is not orphaned`,
        `look at it: \`canonical-sweep explain ${name}\`; to take its word back: \`canonical-sweep revoke ${name} --reason R\``,
      );
    const evidence = createEvidence(join(open.run.paths.folder, name), open.run.redactor, context.clock);
    const step = lastingStep(open.run, evidence, "discard", deadlineIn(context.clock, "discard", LIMIT_MS));
    const app = warmApp(open.run, recipe, laneOf(context.config, null), null);
    const { driver } = await appUnderTest(open.run, recipe, app);
    const before = await driver.inventory(app, null, step);
    const removed = await driver.remove(app, step);
    if (!removed.ok) throw cannotDiscard(removed.failure);
    const gone = before.ok ? before.value.ours : [];
    if (gone.length > 0)
      appendHistory(paths, {
        ts: isoTime(context.clock),
        event: "discarded",
        from: null,
        to: null,
        run: open.run.id,
        objects: gone,
      });
    return { removed: gone };
  });
}

function cannotDiscard(failure: Failure): Fault {
  const refused = failure.cause === "refused";
  return new Fault(
    refused ? "refused" : "machinery",
    describeFailure(failure),
    refused ? "end what uses it, then ask again" : "see the run's discard log",
  );
}
