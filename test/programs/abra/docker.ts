import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { fatal } from "./fatal.ts";

/** The arguments that lead to the swarm of a server: `default` is this machine. */
export function dockerArguments(server: string): string[] {
  return server === "default" ? [] : ["--context", server];
}

export function tryDocker(
  server: string,
  args: readonly string[],
  options: { env?: Record<string, string>; input?: string } = {},
): SpawnSyncReturns<string> {
  const { PATH = "", HOME = "" } = process.env;
  return spawnSync("docker", [...dockerArguments(server), ...args], {
    encoding: "utf8",
    env: { PATH, HOME, ...options.env },
    ...(options.input === undefined ? {} : { input: options.input }),
  });
}

/** What docker printed; FATA with docker's own words where it failed. */
export function docker(
  server: string,
  args: readonly string[],
  options: Parameters<typeof tryDocker>[2] = {},
): string {
  const result = tryDocker(server, args, options);
  if (result.error !== undefined) fatal(`docker: ${result.error.message}`);
  if (result.status !== 0) fatal(withoutNotices(result.stderr).trim() || result.stdout.trim());
  return result.stdout.trim();
}

// abra is a client of its own, which has no notices: Docker's client 28 has some before the error.
function withoutNotices(text: string): string {
  return text.replaceAll(/^(Since|In a future release,) --detach=false .*\n/gm, "");
}

export function lines(text: string): string[] {
  return text.split("\n").filter(Boolean);
}

/** Names of what exists with this name or prefix. */
export function namesOf(server: string, kind: "secret" | "volume" | "service", prefix: string): string[] {
  return lines(docker(server, [kind, "ls", "--format", "{{.Name}}"])).filter((name) =>
    name.startsWith(prefix),
  );
}
