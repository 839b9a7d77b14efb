import type { BriefFacts } from "../../brief/brief.ts";
import { tryPattern } from "../../config/try-pattern.ts";
import { expiredKnownCauses, isExpired, knownCauseOf } from "../../core/cause/known-cause.ts";
import { firstFailure } from "../../core/first-failure.ts";
import type { RecipeReport } from "../../core/records/report.ts";
import { dayIn } from "../../exceptions/store.ts";
import type { Context } from "../../run/context.ts";

/** Adds a known explanation of the error to a row; the label stays the same. */
export function withKnownCause(
  context: Context,
  row: RecipeReport,
  { hardFailure, services }: Pick<BriefFacts, "hardFailure" | "services">,
): RecipeReport {
  const { clock, config } = context;
  const today = dayIn(config.timezone, clock.now());
  const logs = services.flatMap(({ failedTasks, lastLogLines }) => [...failedTasks, ...lastLogLines]);
  const lines = [firstFailure(row), row.detail, ...hardFailure.output, ...logs];
  const { known, tooSlow } = knownCauseOf(
    config.knownCauses,
    { recipe: row.recipe, lines },
    today,
    tryPattern,
  );
  const slow = tooSlow.map(({ id }) => `the known cause ${id} was not tried: its pattern takes too long`);
  const labelled = slow.length === 0 ? row : { ...row, warnings: [...(row.warnings ?? []), ...slow] };
  if (known === null) return labelled;
  const { cause, id, link, owner, until } = known;
  return { ...labelled, knownCause: { id, cause, link, owner, until, expired: isExpired(known, today) } };
}

/** A line for each expired known cause. */
export function expiredFindings({ clock, config }: Context): string[] {
  const today = dayIn(config.timezone, clock.now());
  return expiredKnownCauses(config.knownCauses, today).map(
    ({ id, owner, until }) =>
      `known-causes.yaml: ${id} is past its date (${until}, owner ${owner}): take it out, or look again and set a new date`,
  );
}
