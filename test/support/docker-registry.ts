import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { freePort } from "./ports.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const PROGRAM = "/usr/bin/docker-registry";

/** Why there is no real registry here; null when there is one. */
export function registryMissing(): string | null {
  if (existsSync(PROGRAM)) return null;
  if (process.env.CI === "true") throw new Error(`in CI nothing is skipped: ${PROGRAM} is missing`);
  return `${PROGRAM} is missing`;
}

/** A real registry on loopback, gone with the test; returns `localhost:PORT`. */
export async function startRegistry(): Promise<string> {
  const folder = temporaryFolder("registry");
  const port = await freePort();
  const file = join(folder, "config.yml");
  const storage = `storage:\n  filesystem:\n    rootdirectory: ${join(folder, "store")}\n`;
  writeFileSync(file, `version: 0.1\n${storage}http:\n  addr: 127.0.0.1:${port}\n`);
  const child = spawn(PROGRAM, ["serve", file], { stdio: "ignore" });
  onTestFinished(async () => {
    child.kill("SIGTERM");
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  });
  await untilAnswers(`http://127.0.0.1:${port}/v2/`);
  return `localhost:${port}`;
}

async function untilAnswers(url: string): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const answer = await fetch(url).catch(() => null);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`no answer from ${url} within 10 s`);
}
