import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, rmSync, writeFileSync } from "node:fs";
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
  return (await openRegistry()).address;
}

export interface Registry {
  address: string;
  /** Loses all that was pushed to it. */
  forget(): void;
  close(): Promise<void>;
}

/** The same, to be disturbed. */
export async function openRegistry(): Promise<Registry> {
  const folder = temporaryFolder("registry");
  const port = await freePort();
  const file = join(folder, "config.yml");
  const storage = `storage:\n  filesystem:\n    rootdirectory: ${join(folder, "store")}\n`;
  writeFileSync(file, `version: 0.1\n${storage}http:\n  addr: 127.0.0.1:${port}\n`);
  const child = spawn(PROGRAM, ["serve", file], { stdio: "ignore" });
  const close = async () => {
    child.kill("SIGTERM");
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  };
  onTestFinished(close);
  await untilAnswers(`http://127.0.0.1:${port}/v2/`);
  const forget = () => rmSync(join(folder, "store"), { recursive: true });
  return { address: `localhost:${port}`, forget, close };
}

async function untilAnswers(url: string): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const answer = await fetch(url).catch(() => null);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`no answer from ${url} within 10 s`);
}
