import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

const CLIENT = "/usr/bin/docker";
const ENVIRONMENT = { PATH: "/usr/bin:/bin", HOME: "/nonexistent", LANG: "C" };

/** A small image with a shell, made here: nothing is pulled. */
export const IMAGE = "canonical-sweep-test/abra-shell:2";

/** Why the tests of a swarm cannot run here; null where they can. In CI they run, and fail for want of it. */
export function whyNoSwarm(): string | null {
  if (process.env.CI === "true") return null;
  if (!existsSync("/bin/busybox")) return "no /bin/busybox (busybox-static)";
  const info = spawnSync(CLIENT, ["info", "--format", "{{.Swarm.ControlAvailable}}"], { env: ENVIRONMENT });
  return info.stdout?.toString().trim() === "true" ? null : "no swarm manager at /var/run/docker.sock";
}

/** What `docker` prints; a failure is thrown with its words. */
export function docker(...args: string[]): string {
  return execFileSync(CLIENT, args, {
    env: ENVIRONMENT,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  }).trim();
}

/** Whether a docker command ends well. */
function dockerSays(...args: string[]): boolean {
  return spawnSync(CLIENT, args, { env: ENVIRONMENT }).status === 0;
}

/** Makes the image, if this machine does not have it yet. */
export function ensureImage(): void {
  if (dockerSays("image", "inspect", IMAGE)) return;
  const root = mkdtempSync(join(tmpdir(), "abra-shell-"));
  try {
    for (const folder of ["bin", "tmp", "etc"]) mkdirSync(join(root, folder));
    copyFileSync("/bin/busybox", join(root, "bin/busybox"));
    for (const name of ["sh", "cat", "cp", "sleep", "rm", "touch", "echo", "test", "mkdir", "chmod"])
      symlinkSync("busybox", join(root, "bin", name));
    const tree = execFileSync("tar", ["-C", root, "-c", "."], { maxBuffer: 64 * 1024 * 1024 });
    execFileSync(CLIENT, ["import", "--change", "ENV PATH=/bin", "-", IMAGE], {
      env: ENVIRONMENT,
      input: tree,
    });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** Everything that exists under a stack's name, as `kind name`. */
export function leftOf(stack: string): string[] {
  const kinds = ["service", "network", "volume", "secret", "config"] as const;
  const named = kinds.flatMap((kind) =>
    docker(kind, "ls", "--format", "{{.Name}}")
      .split("\n")
      .filter((name) => name.startsWith(`${stack}_`))
      .map((name) => `${kind} ${name}`),
  );
  const containers = docker(
    "ps",
    "--all",
    "--quiet",
    "--filter",
    `label=com.docker.stack.namespace=${stack}`,
  );
  return [
    ...named,
    ...containers
      .split("\n")
      .filter(Boolean)
      .map((id) => `container ${id}`),
  ];
}

/** Runs a command in the container of a service. */
export function inService(stack: string, service: string, ...command: string[]): string {
  const filter = `label=com.docker.swarm.service.name=${stack}_${service}`;
  const [container = ""] = docker("ps", "--quiet", "--filter", filter).split("\n");
  return docker("exec", container, ...command);
}

/** Removes what is left of a stack when the test has finished, however it ended. */
export function cleanAfterwards(stack: string): void {
  onTestFinished(() => removeAll(stack));
}

async function removeAll(stack: string): Promise<void> {
  const deadline = Date.now() + 60_000;
  dockerSays("stack", "rm", stack);
  for (;;) {
    for (const [kind = "", name = ""] of leftOf(stack).map((line) => line.split(" ")))
      if (kind !== "service" && kind !== "container") dockerSays(kind, "rm", name);
    if (leftOf(stack).length === 0) return;
    if (Date.now() > deadline) throw new Error(`still there: ${leftOf(stack).join(", ")}`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
