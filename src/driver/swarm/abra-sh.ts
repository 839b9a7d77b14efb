import { join } from "node:path";
import { deadlineIn } from "../../command/deadline.ts";
import type { Step } from "../../command/step.ts";
import { oneLine } from "../../core/label.ts";
import { recipeFailure } from "../../docker/failure.ts";
import type { Toolbox } from "../../environment/toolbox.ts";
import { exists } from "../../state/files.ts";

/** How long a recipe's `abra.sh` may take to be read. */
const LIMIT_MS = 30_000;

/**
 * What the recipe's `abra.sh` exports: versions of configs, as a rule. It is the recipe's own code, so it runs
 * in a shell of its own with a clean environment, and only variables come back. Throws `ActFailed` (recipe).
 */
export async function readAbraSh(
  checkout: string,
  given: Readonly<Record<string, string>>,
  tools: Toolbox,
  step: Step,
): Promise<Record<string, string>> {
  const file = join(checkout, "abra.sh");
  if (!exists(file)) return {};
  const env = { ...given, PATH: tools.searchPath, HOME: checkout, LANG: "C" };
  // The file may print, and its last command may well be a condition that does not hold.
  // biome-ignore lint/suspicious/noTemplateCurlyInString: bash's own expansion, not ours
  const list = 'compgen -e | while read -r name; do printf "%s=%s\\0" "$name" "${!name}"; done';
  const script = `. "$1" >/dev/null; set +eu; ${list}`;
  const result = await step.run({
    file: tools.find("bash"),
    args: ["--noprofile", "--norc", "-c", script, "abra.sh", file],
    cwd: checkout,
    env,
    capture: true,
    shownAs: `source ${file}`,
    deadline: deadlineIn(step.clock, "reading abra.sh", LIMIT_MS),
  });
  if (result.stderr.trim() !== "") step.warn(`abra.sh: ${oneLine(result.stderr)}`);
  if (!result.ok) throw recipeFailure(`abra.sh: ${result.stderr.trim() || "it ended with an error"}`);
  return newVariables(result.stdout, env);
}

const OF_THE_SHELL = new Set(["PWD", "OLDPWD", "SHLVL", "_", "SWEEP_RUN", "SWEEP_STEP"]);

function newVariables(output: string, given: Readonly<Record<string, string>>): Record<string, string> {
  const pairs = output
    .split("\0")
    .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]);
  return Object.fromEntries(
    pairs.filter(
      ([name = "", value]) => /^[A-Za-z_]\w*$/.test(name) && !OF_THE_SHELL.has(name) && given[name] !== value,
    ),
  );
}
