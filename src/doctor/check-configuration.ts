import { TRAITS } from "../core/driver-traits.ts";
import type { Context } from "../run/context.ts";
import { aside, type Check, note, unknown } from "./check.ts";

/** What the configuration itself cannot prove, and the inherited PATH, which nothing is looked for in. */
export function checkConfiguration(
  { config }: Pick<Context, "config">,
  inheritedPath: string | undefined,
): Check[] {
  const declared = config.path.join(":");
  const handedOver = config.recipes.filter(
    ({ driver, enrolled, warm }) => enrolled && TRAITS[driver].deploys === "commands" && warm === "live",
  );
  return [
    note(
      "PATH",
      inheritedPath === declared
        ? `the inherited one is the declared one: ${declared}`
        : `tools are looked for in ${declared}; the inherited ${inheritedPath ?? "(none)"} is not used`,
    ),
    ...handedOver.map(({ recipe }) =>
      aside(
        unknown(
          "live",
          `${recipe} is live, by its own commands: systemd ends what a one-shot unit leaves behind`,
          `let \`deploy\` of ${recipe} hand the app to a supervisor outside the unit, such as \`systemd-run\``,
        ),
      ),
    ),
  ];
}
