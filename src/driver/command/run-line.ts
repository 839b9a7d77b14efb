import { deadlineIn } from "../../command/deadline.ts";
import { Environment } from "../../command/environment.ts";
import type { CommandResult } from "../../command/run.ts";
import type { Commands } from "../../config/recipe-schema.ts";
import { missingTool } from "../../core/cause/missing-tool.ts";
import { commandEnvironment } from "../../core/plan/test-environment.ts";
import { isSecretName } from "../../core/secrets/secret-name.ts";
import { Tier } from "../../core/tier.ts";
import { ensureFolder, exists, listFolder } from "../../state/files.ts";
import type { Act } from "./command-app.ts";
import { ANSWER_LIMIT, outputOf } from "./failure.ts";
import { variablesOf } from "./kept-env.ts";

export interface Call extends Act {
  base?: string | null;
  /** The base URL of the app, if known. */
  url?: string | null;
  backup?: string;
  /** The output is an answer, kept out of the step's log. */
  capture?: boolean;
}

/**
 * Runs one of the operator's commands with `bash -euo pipefail -c` in the recipe's configuration folder. Null if the
 * recipe does not configure it. Processes that it leaves in another session outlive it, but not a time-out.
 */
export async function runLine(name: keyof Commands, call: Call): Promise<CommandResult | null> {
  const { options, app, step } = call;
  const recipe = options.recipe(app.recipe);
  const line = recipe?.commands[name];
  if (recipe === null || line === undefined) return null;
  ensureFolder(app.scratch);
  for (const secret of secretsOf(call)) step.secret(secret);
  const result = await step.run({
    file: options.tools.find("bash"),
    args: ["-euo", "pipefail", "-c", line],
    cwd: recipe.folder,
    env: environmentOf(call),
    shownAs: `${name}: ${line}`,
    capture: call.capture ?? false,
    ...(call.capture === true
      ? { deadline: deadlineIn(step.clock, ANSWER_LIMIT.setting, ANSWER_LIMIT.limitMs) }
      : {}),
  });
  const tool = result.ok ? missingTool(outputOf(result), result.exitCode) : null;
  if (tool !== null) step.warn(`\`${name}\` of ${app.recipe} ended well, but misses a tool: ${tool}`);
  return result;
}

/** The values of an app's variables whose names mark them as secret. */
export function secretsOf({ options, app }: Pick<Act, "options" | "app">): string[] {
  return Object.entries({ ...options.environment, ...variablesOf(app) })
    .filter(([name, value]) => value !== "" && isSecretName(name))
    .map(([, value]) => value);
}

function environmentOf(call: Call): Environment {
  const { options, app, source, step } = call;
  const variables = commandEnvironment({
    searchPath: options.tools.searchPath,
    environment: options.environment,
    recipe: app.recipe,
    version: source?.version ?? "",
    commit: source?.commit ?? "",
    baseVersion: call.base ?? null,
    tier: Tier.safeParse(step.name).data ?? null,
    domain: app.domain,
    url: call.url ?? null,
    stack: app.stack,
    volumes: listFolder(app.data).length > 0 ? ["data"] : [],
    scratch: app.scratch,
    run: app.run,
    checkout: source !== null && source.checkout !== null && exists(source.checkout) ? source.checkout : null,
    data: app.data,
    instance: app.instance,
    backup: call.backup ?? null,
    env: variablesOf(app),
  });
  return Environment.ofOperator(variables);
}
