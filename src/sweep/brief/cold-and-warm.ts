import { join } from "node:path";
import { z } from "zod";
import type { RecipeReport } from "../../core/records/report.ts";
import { stackName } from "../../core/stack-name.ts";
import type { Evidence } from "../../evidence/evidence.ts";
import { readJson } from "../../state/files.ts";

const Mount = z.looseObject({
  Type: z.string().optional(),
  Source: z.string().optional(),
  Target: z.string(),
  ReadOnly: z.boolean().optional(),
});
const Placed = z.looseObject({
  ConfigName: z.string().optional(),
  SecretName: z.string().optional(),
  File: z.looseObject({ Name: z.string(), Mode: z.number().optional() }).nullish(),
});
/** `services.json` of the evidence, with only the names of variables. */
const Services = z.array(
  z.looseObject({
    service: z.string(),
    image: z.string(),
    mounts: z.array(Mount),
    configs: z.array(Placed),
    secrets: z.array(Placed),
    variables: z.array(z.string()),
  }),
);

/** Differences between the green cold app and the failed warm one; never a value. */
export function coldAndWarm(
  row: RecipeReport,
  evidence: Evidence,
  warm: { domain: string; hasKeptFiles: boolean },
): string[] {
  const { promotion } = row;
  if (promotion === null || promotion.result === "promoted") return [];
  const isSeed = promotion.kind === "seed";
  const read = (folder: string) => readJson(join(evidence.folder, folder, "services.json"), Services);
  const [cold, hot] = [read("evidence"), read("warm")];
  return [
    `domain: a throw-away one → ${warm.domain}`,
    `data: made anew → ${isSeed ? "made anew (a seed)" : `that of the canonical ${promotion.from}, retained`}`,
    `.env and secrets: made anew → ${isSeed || !warm.hasKeptFiles ? "made anew" : "those of the canonical, retained"}`,
    ...(cold.state === "read" && hot.state === "read"
      ? servicesDiffer(cold.value, hot.value, stackName(warm.domain))
      : []),
  ];
}

function servicesDiffer(
  cold: z.infer<typeof Services>,
  warm: z.infer<typeof Services>,
  warmStack: string,
): string[] {
  const coldStack = commonPrefix(cold.map(({ service }) => service));
  const before = new Map(cold.map((entry) => [entry.service.slice(coldStack.length + 1), entry]));
  const lines = warm.flatMap((entry) => {
    const name = entry.service.slice(warmStack.length + 1);
    const old = before.get(name);
    if (old === undefined) return [`${name}: only in the warm app`];
    const [was, now] = [factsOf(old, coldStack), factsOf(entry, warmStack)];
    const gone = was.filter((fact) => !now.includes(fact)).map((fact) => `${name}: cold only: ${fact}`);
    const added = now.filter((fact) => !was.includes(fact)).map((fact) => `${name}: warm only: ${fact}`);
    return [...gone, ...added];
  });
  return lines.length === 0 ? ["mounts, configs, secrets, names of variables, images: the same"] : lines;
}

function factsOf(service: z.infer<typeof Services>[number], stack: string): string[] {
  const plain = (name: string) => name.replaceAll(stack, "STACK");
  const placed = (kind: string, entries: z.infer<typeof Placed>[]) =>
    entries.map((entry) => {
      const mode = entry.File?.Mode === undefined ? "" : ` (mode ${entry.File.Mode.toString(8)})`;
      return plain(
        `${kind} ${entry.ConfigName ?? entry.SecretName ?? ""} at ${entry.File?.Name ?? "?"}${mode}`,
      );
    });
  return [
    `image ${service.image}`,
    ...service.mounts.map(({ Type, Source, Target, ReadOnly }) =>
      plain(`mount ${Type ?? ""} ${Source ?? ""} at ${Target}${ReadOnly ? ", read-only" : ""}`),
    ),
    ...placed("config", service.configs),
    ...placed("secret", service.secrets),
    ...service.variables.map((name) => `variable ${name}`),
  ];
}

// A stack's name ends before the `_` that its services share.
function commonPrefix(names: readonly string[]): string {
  const [first = ""] = names;
  const ends = [...first.matchAll(/_/g)].map(({ index }) => index).reverse();
  const end = ends.find((at) => names.every((name) => name.startsWith(`${first.slice(0, at)}_`)));
  return end === undefined ? "" : first.slice(0, end);
}
