import { join } from "node:path";
import { DONE } from "../../core/act.ts";
import { BOUNDS } from "../../core/bounds.ts";
import type { ServiceState } from "../../core/read-back.ts";
import { createRedactor } from "../../core/secrets/redactor.ts";
import { cutMiddle } from "../../core/text/cut-middle.ts";
import { shownLines } from "../../core/text/shown-lines.ts";
import { writeWhole } from "../../state/files.ts";
import type { Act } from "./command-app.ts";
import { readDeploy } from "./deployed-note.ts";
import { onDisk, outputOf } from "./failure.ts";
import { isUp, lookAt } from "./look.ts";
import { runLine, secretsOf } from "./run-line.ts";

/** Writes the output of `logs` into `folder/app.log`, without the app's secrets, and returns whether the app runs. */
export async function collectLog(act: Act, folder: string): Promise<ServiceState[]> {
  const { options, app, step } = act;
  const source = act.source ?? readDeploy(options.stateRoot, app.domain)?.source ?? null;
  const seen = await lookAt({ ...act, source });
  const text = await readLog({ ...act, source });
  const saved = await onDisk("evidence", async () => {
    if (text !== null) writeWhole(join(folder, "app.log"), `${text}\n`, 0o600);
    return DONE;
  });
  if (!saved.ok) step.warn(`the app's log is not kept: ${saved.failure.message}`);
  const state = !seen.ok ? `unknown: ${seen.failure.message}` : isUp(seen.value) ? "running" : "not running";
  const lastLogLines = text === null || text === "" ? [] : shownLines(text.split("\n"));
  return [{ service: "app", state, lastLogLines, failedTasks: [] }];
}

async function readLog(act: Act): Promise<string | null> {
  const logs = await runLine("logs", { ...act, capture: true });
  if (logs === null) return null;
  const redactor = createRedactor();
  for (const secret of secretsOf(act)) redactor.add(secret);
  return cutMiddle(redactor.redact(outputOf(logs).trim()), BOUNDS.serviceLogCharacters);
}
