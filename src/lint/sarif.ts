import { hash } from "node:crypto";
import { pathToFileURL } from "node:url";
import type { Location, Log, ReportingDescriptor, Result, Run } from "sarif";
import type { Finding, Place } from "./finding.ts";
import { COMMENT_RULES } from "./ignores.ts";
import type { LintRow } from "./lint.ts";
import { RULES } from "./rules.ts";

/** The findings in one recipe, and the places of its files. */
export interface LintedRecipe extends LintRow {
  /** Without credentials. */
  upstream: string;
  /** The recipe's configuration folder, absolute. */
  folder: string;
}

const SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
const BASES = { recipe: "RECIPE", configuration: "CONFIGURATION" } as const;
const ALL_RULES = [...RULES, ...COMMENT_RULES];

/**
 * Findings as SARIF 2.1.0: a run for each recipe, because each has its own repository. Files are named relative to
 * `RECIPE` (the repository) or `CONFIGURATION` (the operator's folder for the recipe).
 */
export function sarifOf(recipes: readonly LintedRecipe[], program: { name: string; version: string }): Log {
  return { $schema: SCHEMA, version: "2.1.0", runs: recipes.map((recipe) => runOf(recipe, program)) };
}

function runOf(linted: LintedRecipe, program: { name: string; version: string }): Run {
  const { recipe, findings, ignored, problem, folder } = linted;
  return {
    tool: { driver: { name: program.name, version: program.version, rules: ALL_RULES.map(descriptorOf) } },
    automationDetails: { id: `${program.name}/lint/${recipe}/` },
    columnKind: "utf16CodeUnits",
    originalUriBaseIds: {
      [BASES.recipe]: { description: { text: `the root of the repository of the recipe ${recipe}` } },
      [BASES.configuration]: { uri: `${pathToFileURL(folder).href.replace(/\/$/, "")}/` },
    },
    ...provenanceOf(linted),
    invocations: [
      {
        executionSuccessful: problem === null,
        ...(problem === null
          ? {}
          : { toolExecutionNotifications: [{ level: "error" as const, message: { text: problem } }] }),
      },
    ],
    results: [
      ...findings.map((finding) => resultOf(finding)),
      ...ignored.map((finding) => ({
        ...resultOf(finding),
        suppressions: [{ kind: "inSource" as const, justification: finding.reason }],
      })),
    ],
  };
}

function descriptorOf({ id, level, title }: (typeof ALL_RULES)[number]): ReportingDescriptor {
  return {
    id,
    shortDescription: { text: title },
    help: { text: `What breaks, why, and how to mend it: docs/lint.md#${id}` },
    defaultConfiguration: { level },
  };
}

function provenanceOf({ upstream, commit, version }: LintedRecipe): Pick<Run, "versionControlProvenance"> {
  const uri = upstream.startsWith("/") ? pathToFileURL(upstream).href : upstream;
  if (commit === null || !/^[a-z][a-z0-9+.-]*:\/\//i.test(uri) || !URL.canParse(uri)) return {};
  return {
    versionControlProvenance: [
      {
        repositoryUri: new URL(uri).href,
        revisionId: commit,
        ...(version === null || commit.startsWith(version) ? {} : { revisionTag: version }),
        mappedTo: { uriBaseId: BASES.recipe },
      },
    ],
  };
}

function resultOf({ rule, level, message, mend, at, also = [] }: Finding): Result {
  const fingerprint = hash("sha256", JSON.stringify([rule, at?.base, at?.file, message]));
  return {
    ruleId: rule,
    ruleIndex: ALL_RULES.findIndex(({ id }) => id === rule),
    level,
    message: { text: `${message}. To mend it: ${mend}` },
    partialFingerprints: { "canonicalSweepFinding/v1": fingerprint },
    ...(at === null ? {} : { locations: [locationOf(at)] }),
    ...(also.length === 0
      ? {}
      : {
          relatedLocations: also.map((other, index) => ({
            id: index + 1,
            ...locationOf(other.at),
            message: { text: other.message },
          })),
        }),
  };
}

function locationOf({ base, file, line, column }: Place): Location {
  const uri = file
    .split("/")
    .map((part) => encodeURIComponent(part))
    .join("/");
  return {
    physicalLocation: {
      artifactLocation: { uri, uriBaseId: BASES[base] },
      region: { startLine: line, startColumn: column },
    },
  };
}
