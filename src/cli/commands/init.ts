import { join, resolve } from "node:path";
import { createToolbox, SYSTEM_PATH } from "../../command/toolbox.ts";
import { EXIT } from "../../core/exit-code.ts";
import { quoteWord } from "../../core/text/quote-word.ts";
import { type InitResult, writeSample } from "../../init/write-sample.ts";
import { usableFolder } from "../../state/folder-name.ts";
import type { Invocation } from "../invocation.ts";
import { printResult } from "../print.ts";

const INIT_SCHEMA = 1;

/** `init`: writes a configuration to begin with, and says what to do next. */
export async function runInit(invocation: Invocation): Promise<number> {
  const { surroundings, global } = invocation;
  const named = global.config ?? surroundings.env.CANONICAL_SWEEP_CONFIG ?? ".";
  const folder = usableFolder("the configuration's folder", resolve(surroundings.cwd, named));
  const tools = createToolbox(SYSTEM_PATH);
  const result = await writeSample({ folder, node: process.execPath, tools, clock: surroundings.clock });
  printResult(invocation, { schema: INIT_SCHEMA, folder, ...result }, () =>
    describe(folder, result, folder === surroundings.cwd),
  );
  return EXIT.ok;
}

function describe(folder: string, result: InitResult, isHere: boolean): string {
  const call = isHere ? "canonical-sweep" : `canonical-sweep --config ${quoteWord(folder)}`;
  return [
    ...list(`Written to ${folder}:`, result.written),
    ...list("There already, and left as it was:", result.kept),
    "",
    "Next:",
    `  ${call} plan     shows the recipes that would be tested`,
    `  ${call} sweep    tests the sample recipe and keeps its canonical`,
    `  ${join(folder, "sweep.yaml")}     holds every setting: set \`domain\`, and add recipes of your own`,
    "",
  ].join("\n");
}

function list(title: string, paths: readonly string[]): string[] {
  return paths.length === 0 ? [] : [title, ...paths.map((path) => `  ${path}`)];
}
