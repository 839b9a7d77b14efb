import type { Located, Text } from "../../compose/located.ts";
import type { Compose, Facts } from "../facts.ts";
import type { Found } from "../finding.ts";

/** `${NAME?text}` and `${NAME:?text}` if nothing sets NAME. */
export function requiredVariables(compose: Compose, { release, hasSetup }: Facts): Found[] {
  const texts = new Set(compose.files.flatMap(({ root }) => allTexts(root, new Set())));
  return [...texts].flatMap(({ raw, at }) =>
    [...raw.matchAll(/(?<!\$)\$\{([A-Za-z_]\w*)(:?)\?([^}]*)\}/g)]
      .filter(([, name = "", colon]) => {
        const value = Object.hasOwn(release.variables, name) ? release.variables[name] : undefined;
        return value === undefined || (colon === ":" && value === "");
      })
      .map(([, name, , text]) => ({
        level: hasSetup ? ("warning" as const) : ("error" as const),
        message: `required variable ${name} is missing a value: ${text}${hasSetup ? " (unless a provider's setup prints it)" : ""}`,
        mend: `set ${name} in .env.sample, or in \`env:\` of recipe.yaml`,
        at,
      })),
  );
}

// An aliased value is one and the same, and is looked at once.
function allTexts(node: Located, seen: Set<Located>): Text[] {
  if (seen.has(node)) return [];
  seen.add(node);
  if (node.kind === "scalar") return [node];
  const inner = node.kind === "list" ? node.items : [...node.entries.values()].map(({ value }) => value);
  return inner.flatMap((value) => allTexts(value, seen));
}
