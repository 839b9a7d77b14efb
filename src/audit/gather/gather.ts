import { join } from "node:path";
import { expiredKnownCauses } from "../../core/cause/known-cause.ts";
import { sideBySide } from "../../core/side-by-side.ts";
import { dayIn, exceptionsFile, isInForce, listExceptions } from "../../exceptions/store.ts";
import { Fault } from "../../fault.ts";
import { findResidue } from "../../records/residue.ts";
import { ASKED_AT_A_TIME } from "../../run/ask-upstream.ts";
import type { Context } from "../../run/context.ts";
import { lockHolder } from "../../run/lock.ts";
import { createSwarmVolumes } from "../../run/volumes.ts";
import { listFolder } from "../../state/files.ts";
import { listRunIds } from "../../state/paths.ts";
import type { Expired } from "../expired.ts";
import type { AuditFacts } from "../facts.ts";
import { canonicalFacts } from "./canonicals.ts";
import { runsIn } from "./runs.ts";

export interface Gathered {
  facts: AuditFacts;
  /** The run at work; `unknown` if the lock does not name it; null if there is none. */
  atWork: string | null;
}

/** A run may begin or end during the look. */
const TRIES = 3;

/** Gathers all facts for the rules. Changes nothing, takes no lock. */
export async function gatherFacts(context: Context): Promise<Gathered> {
  for (let attempt = 1; ; attempt++) {
    const before = await worksNow(context);
    const facts = await look(context, before.atWork);
    const after = await worksNow(context);
    if (after.mark === before.mark || attempt === TRIES) return { facts, atWork: before.atWork };
  }
}

async function worksNow(context: Context): Promise<{ atWork: string | null; mark: string }> {
  const holder = await lockHolder(context);
  const atWork = holder === null || holder === "unknown" ? holder : holder.run;
  return { atWork, mark: JSON.stringify([atWork, listRunIds(context.state)]) };
}

async function look(context: Context, atWork: string | null): Promise<AuditFacts> {
  const { config, state } = context;
  const volumes = createSwarmVolumes(context);
  return {
    state: state.root,
    canonicals: await sideBySide(recipesOf(context), ASKED_AT_A_TIME, (recipe) =>
      canonicalFacts(context, recipe, atWork, volumes),
    ),
    enrolled: config.recipes.filter((recipe) => recipe.enrolled).map((recipe) => recipe.recipe),
    runs: runsIn(state, atWork),
    exceptions: listExceptions(state).map((entry) => ({
      ...entry,
      file: exceptionsFile(state, entry.recipe),
    })),
    expired: expiredIn(context),
    residue: atWork === null ? await residueOf(context) : null,
  };
}

// Configured recipes and data folders are included: data may exist without a record.
function recipesOf({ config, state }: Context): string[] {
  const withData = listFolder(join(state.root, "data")).filter((name) => !name.startsWith("."));
  const configured = config.recipes.map((recipe) => recipe.recipe);
  return [...new Set([...listFolder(state.canonicals), ...withData, ...configured])].sort();
}

async function residueOf(context: Context): Promise<AuditFacts["residue"]> {
  try {
    return { state: "seen", value: await findResidue(context) };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { state: "unseen", problem: error.message };
  }
}

/** The expired holds, acknowledgements and known causes. */
function expiredIn(context: Context): Expired[] {
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
