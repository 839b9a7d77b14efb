import { join } from "node:path";
import { expiredKnownCauses } from "../../core/cause/known-cause.ts";
import { dayIn, exceptionsFile, isInForce, listExceptions } from "../../exceptions/store.ts";
import type { Context } from "../../run/context.ts";
import type { Expired } from "../expired.ts";

/** The expired holds, acknowledgements and known causes. */
export function expiredIn(context: Context): Expired[] {
  const { clock, config } = context;
  const today = dayIn(config.timezone, clock.now());
  const file = join(config.folder, "known-causes.yaml");
  const known = expiredKnownCauses(config.knownCauses, today).map(({ id, until }) => {
    return { what: "known-cause" as const, recipe: null, reason: id, until, file };
  });
  return [...expiredExceptions(context, today), ...known];
}

function expiredExceptions({ state }: Context, today: string): Expired[] {
  return listExceptions(state).flatMap(({ recipe, exceptions }) => {
    if (exceptions.state !== "read") return [];
    const { acknowledgement, hold } = exceptions.value;
    const each = [
      { what: "hold" as const, exception: hold },
      { what: "acknowledgement" as const, exception: acknowledgement },
    ];
    return each.flatMap(({ what, exception }) => {
      if (exception === null || isInForce(exception, today)) return [];
      const { reason, until } = exception;
      return [{ what, recipe, reason, until, file: exceptionsFile(state, recipe) }];
    });
  });
}
