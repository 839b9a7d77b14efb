import { spawnSync } from "node:child_process";
import { docker } from "./docker.ts";
import { DOCKER } from "./images.ts";

const KINDS = ["service", "network", "volume", "secret", "config"] as const;

/** All objects of the world with this domain that exist, whoever made them: `kind name`, sorted. */
function objectsOf(domain: string): string[] {
  const end = `_${domain.replaceAll(".", "_")}_`;
  const named = KINDS.flatMap((kind) =>
    namesOf(kind)
      .filter((name) => name.includes(end))
      .map((name) => `${kind} ${name}`),
  );
  const containers = docker(
    "ps",
    "--all",
    "--no-trunc",
    "--format",
    '{{.Names}} {{.Label "canonical-sweep.stack"}}_',
  );
  const ours = containers.split("\n").filter((line) => line.includes(end));
  return [...named, ...ours.map((line) => `container ${line.split(" ")[0]}`)].sort();
}

/** The same without the containers' numbers, and with the stack's own name taken off. */
export function shortObjectsOf(domain: string): string[] {
  const suffix = `_${domain.replaceAll(".", "_")}`;
  return objectsOf(domain).map((line) => line.replace(suffix, "").replace(/\.1\.\w+$/, ""));
}

/** Removes all of a world from the swarm, by exact names. */
export async function removeAllOf(domain: string): Promise<void> {
  const until = Date.now() + 90_000;
  for (;;) {
    const objects = objectsOf(domain);
    if (objects.length === 0) return;
    if (Date.now() > until) throw new Error(`still there: ${objects.join(", ")}`);
    for (const [kind = "", name = ""] of objects.map((line) => line.split(" "))) {
      const force = kind === "container" ? ["--force", "--volumes"] : [];
      spawnSync(DOCKER, [kind, "rm", ...force, name], { stdio: "ignore" });
    }
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

function namesOf(kind: (typeof KINDS)[number]): string[] {
  return docker(kind, "ls", "--format", "{{.Name}}").split("\n").filter(Boolean);
}
