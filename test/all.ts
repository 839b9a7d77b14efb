import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/**
 * `npm test`: what needs a swarm waits most of the time, and what needs none computes, so the parts run beside each
 * other, each as a vitest of its own. With words (files, `-t NAME`, `--project NAME`) it is one vitest, with these.
 * What needs a swarm shares the one of this machine, or is dealt out to it and the two of `TEST_SWARMS`: their folders,
 * made by `.ci/parts/docker beside`, with a space between them. They may be of other versions of Docker: `TEST_DEAL`
 * (0, 1 or 2) moves each part on by so many swarms.
 */
interface Part {
  name: string;
  projects: readonly string[];
  /** The folder of the Docker daemon that it takes for the machine's. */
  within?: string | undefined;
}

const MORE_ON_A_SWARM = ["abra", "docker-dies", "zoo", "systemd"];
const beside = (process.env.TEST_SWARMS ?? "").split(" ").filter((folder) => folder !== "");
const PARTS: readonly Part[] = [{ name: "here", projects: ["here", "faults"] }, ...partsOnSwarms()];

const words = process.argv.slice(2);
const children = words.length > 0 ? [startVitest(words)] : PARTS.map(startPart);
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.on(signal, () => {
    for (const child of children) child.kill(signal);
  });
const codes = await Promise.all(children.map(async (child) => (await once(child, "close"))[0] ?? 1));
process.exitCode = codes.find((code) => code !== 0) ?? 0;

function partsOnSwarms(): Part[] {
  const [second, third] = beside;
  if (second === undefined || third === undefined)
    return [{ name: "swarm", projects: ["swarm", "faults-swarm", ...MORE_ON_A_SWARM] }];
  const swarms = [undefined, second, third];
  const dealt = Number(process.env.TEST_DEAL ?? 0);
  return [
    { name: "swarm", projects: ["swarm"] },
    { name: "faults", projects: ["faults-swarm"] },
    { name: "abra", projects: MORE_ON_A_SWARM },
  ].map((part, index) => ({ ...part, within: swarms[(index + dealt) % swarms.length] }));
}

function startVitest(given: readonly string[]): ChildProcess {
  return spawn("vitest", ["run", ...given], { stdio: "inherit" });
}

function startPart({ name, projects, within }: Part): ChildProcess {
  const say = (line: string) => process.stdout.write(`${name.padEnd(6)} │ ${line}\n`);
  const [program = "", ...before] = within === undefined ? ["env"] : [".ci/parts/docker", "within", within];
  if (name !== "here") say(dockerSeenBy(program, before));
  const vitest = ["vitest", "run", ...projects.flatMap((project) => ["--project", project])];
  const child = spawn(program, [...before, ...vitest], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, TEST_PART: name, ...(process.stdout.isTTY ? { FORCE_COLOR: "1" } : {}) },
  });
  for (const output of [child.stdout, child.stderr]) createInterface({ input: output }).on("line", say);
  return child;
}

function dockerSeenBy(program: string, before: readonly string[]): string {
  const format = "engine {{.Server.Version}}, client {{.Client.Version}}";
  const question = [...before, "/usr/bin/docker", "version", "--format", format];
  const { status, stdout } = spawnSync(program, question, { encoding: "utf8" });
  return status === 0 ? `on Docker: ${stdout.trim()}` : "on no Docker: it gives no answer";
}
