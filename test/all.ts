import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/**
 * `npm test`: what needs a swarm waits most of the time, and what needs none computes, so the two run beside each
 * other, each as a vitest of its own. With words (files, `-t NAME`, `--project NAME`) it is one vitest, with these.
 */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  here: ["here", "faults"],
  swarm: ["swarm", "faults-swarm", "abra"],
};

const words = process.argv.slice(2);
const children = words.length > 0 ? [startVitest(words)] : Object.keys(PARTS).map(startPart);
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.on(signal, () => {
    for (const child of children) child.kill(signal);
  });
const codes = await Promise.all(children.map(async (child) => (await once(child, "close"))[0] ?? 1));
process.exitCode = codes.find((code) => code !== 0) ?? 0;

function startVitest(given: readonly string[]): ChildProcess {
  return spawn("vitest", ["run", ...given], { stdio: "inherit" });
}

function startPart(part: string): ChildProcess {
  const projects = (PARTS[part] ?? []).flatMap((project) => ["--project", project]);
  const child = spawn("vitest", ["run", ...projects], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, TEST_PART: part, ...(process.stdout.isTTY ? { FORCE_COLOR: "1" } : {}) },
  });
  for (const output of [child.stdout, child.stderr])
    createInterface({ input: output }).on("line", (line) =>
      process.stdout.write(`${part.padEnd(5)} │ ${line}\n`),
    );
  return child;
}
