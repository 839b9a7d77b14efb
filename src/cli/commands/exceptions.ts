import { SYSTEM_PATH } from "../../command/search-path.ts";
import { createToolbox } from "../../command/toolbox.ts";
import { EXIT } from "../../core/exit.ts";
import { acknowledge, type ExceptionChange, hold, release } from "../../exceptions/change.ts";
import { oneAtATime } from "../../lock/one-at-a-time.ts";
import { renderParagraph } from "../../render/paragraph.ts";
import { statePaths } from "../../state/paths.ts";
import { configOf } from "../context.ts";
import { type Invocation, textArgument, textOption } from "../invocation.ts";
import { openState } from "../open-state.ts";
import { printResult } from "../print.ts";
import { configuredRecipes } from "../recipes.ts";

const EXCEPTION_SCHEMA = 1;

/** `hold RECIPE`. */
export async function runHold(invocation: Invocation): Promise<number> {
  return makeException(invocation, hold, "is held and not tested");
}

/** `acknowledge RECIPE`. */
export async function runAcknowledge(invocation: Invocation): Promise<number> {
  return makeException(invocation, acknowledge, "is a known red and is tested all the same");
}

/** `release RECIPE`: also for a recipe that is no longer configured. */
export async function runRelease(invocation: Invocation): Promise<number> {
  const recipe = textArgument(invocation, 0) ?? "";
  const { state, config } = openState(invocation);
  const ended = await oneAtATime(
    state,
    createToolbox(config?.path ?? SYSTEM_PATH),
    invocation.surroundings.clock,
    () => release({ state }, recipe),
  );
  printResult(invocation, { schema: EXCEPTION_SCHEMA, recipe, ended }, (layout) =>
    renderParagraph(
      ended === null
        ? `${recipe} was not held`
        : `${recipe} is released: from the next sweep on it is decided on as any other`,
      layout,
    ),
  );
  return EXIT.ok;
}

async function makeException(invocation: Invocation, make: typeof hold, so: string): Promise<number> {
  const config = configOf(invocation);
  const recipe = textArgument(invocation, 0) ?? "";
  configuredRecipes(config, [recipe]);
  const { clock } = invocation.surroundings;
  const state = statePaths(config.state);
  const request = {
    recipe,
    reason: textOption(invocation, "reason") ?? "",
    until: textOption(invocation, "until") ?? "",
    owner: textOption(invocation, "owner") ?? undefined,
  };
  const change = await oneAtATime(state, createToolbox(config.path), clock, () =>
    make({ state, timezone: config.timezone, clock }, request),
  );
  printResult(invocation, { schema: EXCEPTION_SCHEMA, recipe, ...change }, (layout) =>
    renderParagraph(describeChange(recipe, change, so), layout),
  );
  return EXIT.ok;
}

function describeChange(recipe: string, { changed, exception }: ExceptionChange, so: string): string {
  const owner = exception.owner === undefined ? "" : `, owner ${exception.owner}`;
  const end = `until ${exception.until}${owner}: ${exception.reason}`;
  return changed ? `${recipe} ${so} from the next sweep on, ${end}` : `${recipe} ${so} already, ${end}`;
}
