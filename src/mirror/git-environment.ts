import type { Toolbox } from "../environment/toolbox.ts";
import type { GitAddress } from "./git-address.ts";

/** What git needs to know of the surroundings; nothing is inherited. */
export interface GitEnvironment {
  /** HOME of git's children. ssh finds its keys through the user's entry in passwd, whatever stands here. */
  home: string;
  /** Limit of one network command in milliseconds: `timeouts.git`. */
  timeoutMs: number;
  /** Below 100 bytes a second for so many seconds, an http transfer is given up. Default 20. */
  lowSpeedSeconds?: number;
  /** Added last, and so overrides: an agent's socket, proxies, `GIT_SSH_COMMAND`. */
  extra?: Readonly<Record<string, string>>;
}

const LOW_SPEED_SECONDS = 20;
const LOW_SPEED_BYTES = "100";
const SSH_COMMAND =
  "ssh -o BatchMode=yes -o ConnectTimeout=15 -o ServerAliveInterval=10 -o ServerAliveCountMax=2";

/** The whole environment of a git command that asks no other machine. */
export function localEnvironment(tools: Toolbox): Record<string, string> {
  return {
    PATH: tools.searchPath,
    HOME: "/nonexistent",
    LANG: "C",
    LC_ALL: "C",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
  };
}

/**
 * The whole environment of a git command that asks `address`: it never prompts, gives up on a silent server,
 * and takes no configuration but this. Credentials stand here and nowhere else; with them no redirection is
 * followed, because git would send them along.
 */
export function networkEnvironment(
  address: GitAddress,
  environment: GitEnvironment,
  tools: Toolbox,
): Record<string, string> {
  return {
    ...localEnvironment(tools),
    HOME: environment.home,
    GIT_TERMINAL_PROMPT: "0",
    GIT_ALLOW_PROTOCOL: "http:https:ssh:git:file",
    GIT_LFS_SKIP_SMUDGE: "1",
    GIT_SSH_COMMAND: SSH_COMMAND,
    ...configuration([
      ["http.lowSpeedLimit", LOW_SPEED_BYTES],
      ["http.lowSpeedTime", String(environment.lowSpeedSeconds ?? LOW_SPEED_SECONDS)],
      ["http.followRedirects", address.authorization === null ? "initial" : "false"],
      ["core.hooksPath", "/dev/null"],
      ["gc.autoDetach", "false"],
      ...authorizationHeader(address),
    ]),
    ...environment.extra,
  };
}

function authorizationHeader(address: GitAddress): [string, string][] {
  if (address.authorization === null) return [];
  return [[`http.${address.url}.extraHeader`, `Authorization: ${address.authorization}`]];
}

function configuration(entries: readonly (readonly [string, string])[]): Record<string, string> {
  const variables: Record<string, string> = { GIT_CONFIG_COUNT: String(entries.length) };
  for (const [index, [key, value]] of entries.entries()) {
    variables[`GIT_CONFIG_KEY_${index}`] = key;
    variables[`GIT_CONFIG_VALUE_${index}`] = value;
  }
  return variables;
}
