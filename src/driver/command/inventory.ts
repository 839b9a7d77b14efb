import { type ActResult, failed, succeed } from "../../core/act.ts";
import type { Inventory } from "../../core/read-back.ts";
import { commandLine } from "../../host/proc.ts";
import { exists } from "../../state/files.ts";
import type { Act, CommandApp } from "./command-app.ts";
import { listDeploys } from "./deployed-note.ts";
import { failureOf } from "./failure.ts";
import { processesOf } from "./processes.ts";
import { runLine } from "./run-line.ts";

/**
 * The existing parts of an app: lines of `inventory` that name its stack, its domain, its data or (for a cold app) its
 * run; its processes; and its data folder. Lines that name another app of ours belong to that app.
 */
export async function inventoryOf(act: Act): Promise<ActResult<Inventory>> {
  const { options, app, step } = act;
  const result = await runLine("inventory", { ...act, capture: true });
  if (result !== null && !result.ok) return failed(failureOf(result, "inventory", step));
  const others = listDeploys(options.stateRoot)
    .deploys.map((note) => note.app)
    .filter((other) => other.domain !== app.domain);
  const lines = (result?.stdout ?? "").split("\n").map((line) => line.trim());
  const named = lines.filter((line) => line !== "" && belongsTo(app, others, line));
  const processes = processesOf(app).map((pid) => `process ${pid}: ${commandLine(pid) ?? "ending"}`);
  const data = exists(app.data) ? [`folder ${app.data}`] : [];
  return succeed({ ours: [...named, ...processes, ...data], foreign: [] });
}

function belongsTo(app: CommandApp, others: readonly CommandApp[], line: string): boolean {
  if (namesOf(app).some((name) => mentions(line, name))) return true;
  if (app.instance !== "cold" || !mentions(line, app.run)) return false;
  return !others.some((other) => namesOf(other).some((name) => mentions(line, name)));
}

function namesOf(app: CommandApp): string[] {
  return [app.stack, app.domain, app.data];
}

// `gitea.example.org` is not in `my-gitea.example.org`, and `/data/gitea` is not in `/data/gitea-old`.
function mentions(line: string, name: string): boolean {
  const literal = name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return name !== "" && new RegExp(`(?<![A-Za-z0-9.-])${literal}(?![A-Za-z0-9-]|\\.[A-Za-z0-9])`).test(line);
}
