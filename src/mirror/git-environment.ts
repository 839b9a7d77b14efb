import { Environment } from "../command/environment.ts";
import type { Toolbox } from "../command/toolbox.ts";
import type { GitAddress } from "./git-address.ts";

/** What git needs to know of the surroundings; nothing is inherited. */
export interface GitEnvironment {
  /** HOME of git's children. ssh finds its keys through the user's entry in passwd, whatever stands here. */
  home: string;
  /** Limit of one network command in milliseconds: `timeouts.git`. */
  timeoutMs: number;
  /** Below 100 bytes a second for so many seconds, an http transfer is given up. Default 20. */
  lowSpeedSeconds?: number;
  /** Each line that a server sends stands on standard error. */
  tracesPackets?: boolean;
}

const LOW_SPEED_SECONDS = 20;
const LOW_SPEED_BYTES = "100";

/**
 * The whole environment of a git command that asks `address`: it never prompts, gives up on a silent server,
 * and takes no configuration but this. Credentials stand here and nowhere else; with them no redirection is
 * followed, because git would send them along.
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
