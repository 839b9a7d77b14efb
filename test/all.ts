import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/**
 * `npm test`: what needs a swarm waits most of the time, and what needs none computes, so the parts run beside each
 * other, each as a vitest of its own. With words (files, `-t NAME`, `--project NAME`) it is one vitest, with these.
 * What needs a swarm shares the one of this machine, or is dealt out to it and the two of `TEST_SWARMS`: their folders,
 * made by `.ci/parts/docker beside`, with a space between them.
 */
interface Part {
  name: string;
  projects: readonly string[];
  /** The folder of the Docker daemon that it takes for the machine's. */
  within?: string | undefined;
}

const [second, third] = (process.env.TEST_SWARMS ?? "").split(" ").filter((folder) => folder !== "");
const MORE_ON_A_SWARM = ["abra", "docker-dies", "zoo", "systemd"];
const ON_A_SWARM: readonly Part[] =
  second === undefined || third === undefined
    ? [{ name: "swarm", projects: ["swarm", "faults-swarm", ...MORE_ON_A_SWARM] }]
    : [
        { name: "swarm", projects: ["swarm"] },
        { name: "faults", projects: ["faults-swarm"], within: second },
        { name: "abra", projects: MORE_ON_A_SWARM, within: third },
      ];
const PARTS: readonly Part[] = [{ name: "here", projects: ["here", "faults"] }, ...ON_A_SWARM];

const words = process.argv.slice(2);
const children = words.length > 0 ? [startVitest(words)] : PARTS.map(startPart);
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.on(signal, () => {
    for (const child of children) child.kill(signal);
  });
const codes = await Promise.all(children.map(async (child) => (await once(child, "close"))[0] ?? 1));
process.exitCode = codes.find((code) => code !== 0) ?? 0;

function startVitest(given: readonly string[]): ChildProcess {
  return spawn("vitest", ["run", ...given], { stdio: "inherit" });
}

function startPart({ name, projects, within }: Part): ChildProcess {
  const vitest = ["vitest", "run", ...projects.flatMap((project) => ["--project", project])];
  const [program, ...args] =
    within === undefined ? vitest : [".ci/parts/docker", "within", within, ...vitest];
  const child = spawn(program ?? "", args, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, TEST_PART: name, ...(process.stdout.isTTY ? { FORCE_COLOR: "1" } : {}) },
  });
  for (const output of [child.stdout, child.stderr])
    createInterface({ input: output }).on("line", (line) =>
      process.stdout.write(`${name.padEnd(6)} │ ${line}\n`),
    );
  return child;
}
