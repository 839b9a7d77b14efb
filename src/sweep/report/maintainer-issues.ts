import { join } from "node:path";
import type { ForgeConfig } from "../../config/config.ts";
import { isIssueOf, issueActOf } from "../../core/maintainer-issue.ts";
import type { RecipeReport, Report } from "../../core/records/report.ts";
import { sideBySide } from "../../core/side-by-side.ts";
import { messageOf } from "../../fault.ts";
import { type IssueTracker, type OwnIssue, openIssues, ownLogin } from "../../forge/gitea-issues.ts";
import { repositoryName } from "../../forge/repository-name.ts";
import type { ForgeOptions } from "../../forge/request.ts";
import type { Run } from "../../run/run.ts";
import { readTextIfAny } from "../../state/files.ts";
import { readSecretFile } from "../../state/secret-file.ts";

/** Limit for all issues of a sweep together, in milliseconds. */
const LIMIT_MS = 5 * 60_000;
/** Recipes for which a forge is asked at a time. */
const WIDTH = 4;

/**
 * Opens, changes or closes the issue of each recipe whose mirror's forge keeps one. A refusal or a missing answer of a
 * forge is reported, and changes nothing else: the next sweep tries again.
 */
export async function keepMaintainerIssues(run: Run, report: Report): Promise<void> {
  const { config, progress, signal } = run.context;
  const kept = config.recipes.flatMap((recipe) => {
    const row = report.recipes.find((each) => each.recipe === recipe.recipe);
    const forge = recipe.mirror?.forge;
    return row === undefined || forge?.issues !== true ? [] : [{ recipe, row, forge }];
  });
  const limit = AbortSignal.any([signal, AbortSignal.timeout(LIMIT_MS)]);
  const openForge = createForges(limit);
  await sideBySide(kept, WIDTH, async ({ recipe, row, forge }) => {
    try {
      const { options, login } = await openForge(forge, recipe.timeouts.git);
      const name = repositoryName(recipe.mirror?.url ?? "");
      const act = await keepIssue(run, row, openIssues(options, name, login));
      if (act !== null) run.note("issue", { recipe: recipe.recipe, act });
    } catch (error) {
      const text = run.redactor.redact(`the issue of ${recipe.recipe} was not kept: ${messageOf(error)}`);
      run.note("issue", { recipe: recipe.recipe, problem: text });
      progress({ kind: "note", text });
    }
  });
}

interface OpenForge {
  options: ForgeOptions;
  login: string;
}

// A forge is asked only once for its token's user, whatever the number of its recipes.
function createForges(signal: AbortSignal): (forge: ForgeConfig, timeoutMs: number) => Promise<OpenForge> {
  const open = new Map<string, Promise<OpenForge>>();
  return (forge, timeoutMs) => {
    const key = `${forge.url} ${forge.tokenFile}`;
    const known = open.get(key) ?? openForge(forge, timeoutMs, signal);
    open.set(key, known);
    return known;
  };
}

async function openForge(forge: ForgeConfig, timeoutMs: number, signal: AbortSignal): Promise<OpenForge> {
  const read = readSecretFile(forge.tokenFile);
  if ("problem" in read) throw new Error(`forge token: ${read.problem}`);
  const options = { url: forge.url, token: read.text, signal, timeoutMs };
  return { options, login: await ownLogin(options) };
}

async function keepIssue(run: Run, row: RecipeReport, tracker: IssueTracker): Promise<string | null> {
  const issue = theIssue(row.recipe, await tracker.listOwn());
  const brief = row.brief === null ? null : readTextIfAny(join(run.paths.folder, row.brief));
  const act = issueActOf(row, run.id, brief, issue);
  if (act.act === "nothing") return null;
  if (act.act === "open" || issue === null) {
    if (act.act === "close") return null;
    return `opened #${await tracker.open(act.title, act.body)}`;
  }
  if (act.act === "close") {
    await tracker.comment(issue.number, act.comment);
    await tracker.change(issue.number, { body: act.body, state: "closed" });
    return `closed #${issue.number}`;
  }
  await tracker.change(issue.number, { title: act.title, body: act.body, state: "open" });
  return `changed #${issue.number}`;
}

// The open one counts if a person has left several.
function theIssue(recipe: string, issues: readonly OwnIssue[]): OwnIssue | null {
  const ours = issues.filter((issue) => isIssueOf(recipe, issue));
  return ours.find((issue) => issue.isOpen) ?? ours[0] ?? null;
}
