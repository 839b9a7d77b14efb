import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { App } from "../../../../src/core/app.ts";
import { composeOf, WAITS } from "../../../support/compose.ts";
import { good } from "../../../support/outcome.ts";
import { docker, swarmBench } from "../../../support/swarm.ts";

/** Deploys an app with the volume `data`, whose service has these labels for its backups. */
export async function deployWithData(labels: Readonly<Record<string, string>>) {
  const bench = swarmBench({ instance: "warm" });
  const lines = Object.entries(labels).map(([name, value]) => `  ${name}: ${JSON.stringify(value)}`);
  const deploy = ["labels:", "  backupbot.backup: 'true'", ...lines].join("\n");
  const more = "volumes: ['data:/data']\nstop_grace_period: 1s";
  const compose = composeOf({ app: { script: WAITS, more, deploy } }, "volumes:\n  data: {}\n");
  const source = bench.release("1.0.0+1", { "compose.yml": compose });
  good(await bench.driver.deploy(bench.app, source, null, bench.step().step));
  const volume = `${bench.app.stack}_data`;
  const place = docker("volume", "inspect", "--format", "{{.Mountpoint}}", volume);
  return { ...bench, source, volume, place };
}

/** Runs a script in the app's container, with these words. */
export function inApp(app: App, script: string, ...words: string[]): string {
  const id = docker("ps", "-q", "--filter", `label=com.docker.stack.namespace=${app.stack}`);
  return docker("exec", id, "sh", "-euc", script, "sh", ...words);
}

/** Brings all that a store of backups holds into a folder. */
export function restoreAll(store: string, into: string): void {
  const base = [
    "--no-cache",
    "--repo",
    join(store, "repository"),
    "--password-file",
    join(store, "password"),
  ];
  const listed = execFileSync("/usr/bin/restic", [...base, "--json", "snapshots"], { encoding: "utf8" });
  for (const { id } of JSON.parse(listed) as { id: string }[]) {
    mkdirSync(join(into, id), { recursive: true });
    execFileSync("/usr/bin/restic", [...base, "restore", id, "--target", join(into, id)]);
  }
}
