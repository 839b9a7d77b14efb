import type { Step } from "../../command/step.ts";
import type { Docker } from "../../docker/docker.ts";
import { listObjects } from "../../docker/objects.ts";
import type { LedgerEntry } from "../ledger.ts";

/**
 * Removes our own snapshots from the backup-bot's store. abra has no command for it, so the bot's own restic is
 * asked in its container. Where that does not work they stay, and the report names them.
 */
export async function forgetSnapshots(docker: Docker, entry: LedgerEntry, step: Step): Promise<void> {
  if (entry.snapshots.length === 0) return;
  const problem = await askBot(docker, entry.snapshots, step);
  if (problem !== null) step.warn(`backup snapshots that stay: ${entry.snapshots.join(", ")} (${problem})`);
}

async function askBot(docker: Docker, snapshots: readonly string[], step: Step): Promise<string | null> {
  const container = await findBot(docker, step);
  if (container === null) return "no container of backup-bot was found";
  const result = await docker.act(step, ["exec", container, "restic", "forget", "--", ...snapshots]);
  return result.ok ? null : "backup-bot's restic did not forget them";
}

async function findBot(docker: Docker, step: Step): Promise<string | null> {
  const services = await listObjects(docker, "service", [], step);
  const bot = services.find(({ labels }) =>
    Object.entries(labels).some(
      ([name, value]) => /^coop-cloud\..+\.recipe$/.test(name) && /^backup-bot/.test(value),
    ),
  );
  if (bot === undefined) return null;
  const filter = `label=com.docker.swarm.service.name=${bot.name}`;
  const [container] = await docker.lines(step, ["ps", "--quiet", "--filter", filter]);
  return container ?? null;
}
