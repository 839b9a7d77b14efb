import { Environment } from "../command/environment.ts";
import type { Toolbox } from "../command/toolbox.ts";
import type { GitAddress } from "./git-address.ts";

/** The surroundings that git needs; nothing is inherited. */
export interface GitEnvironment {
  /** HOME of git's children. ssh finds its keys by the user's entry in passwd, not by this. */
  home: string;
  /** Limit of one network command in milliseconds: `timeouts.git`. */
  timeoutMs: number;
  /** An http transfer below 100 bytes a second is given up after this many seconds. Default 20. */
  lowSpeedSeconds?: number;
  /** Prints each line that a server sends on standard error. */
  tracesPackets?: boolean;
}

const LOW_SPEED_SECONDS = 20;
const LOW_SPEED_BYTES = "100";

/**
 * The complete environment of a git command that asks `address`: it never prompts, gives up on a silent server, and
 * reads no other configuration. Only this holds credentials; with them no redirection is followed, because git would
 * send them along.
 */
export function networkEnvironment(
  address: GitAddress,
  environment: GitEnvironment,
  { searchPath }: Pick<Toolbox, "searchPath">,
): Environment {
  return Environment.of("gitNetwork", {
    searchPath,
    home: environment.home,
    gitSettings: [
      ["http.lowSpeedLimit", LOW_SPEED_BYTES],
      ["http.lowSpeedTime", String(environment.lowSpeedSeconds ?? LOW_SPEED_SECONDS)],
      ["http.followRedirects", address.authorization === null ? "initial" : "false"],
      ["core.hooksPath", "/dev/null"],
      ["gc.autoDetach", "false"],
      ...authorizationHeader(address),
    ],
    tracePackets: environment.tracesPackets === true ? "1" : null,
  });
}

function authorizationHeader(address: GitAddress): [string, string][] {
  if (address.authorization === null) return [];
  return [[`http.${address.url}.extraHeader`, `Authorization: ${address.authorization}`]];
}
