import { oneLine } from "../text/one-line.ts";
import { missingTool } from "./missing-tool.ts";

/**
 * The source of an output. `deployer`: the docker client, abra. `host`: anything else on this machine, such as tests
 * and the operator's commands. `app`: anything in a container, hooks included.
 */
export type Speaker = "deployer" | "host" | "app";

/** A part of the surroundings that can fail. */
export type MachineryPart = "tool" | "docker" | "registry" | "disk" | "dns";

/** Words that show the failure of a part of the surroundings. */
export interface MachinerySign {
  part: MachineryPart;
  /** The line with those words. */
  words: string;
  /** The tool or host name concerned; null if none is named. */
  subject: string | null;
  /**
   * `words`: only the surroundings say this. `host`: an app may say it of its own things, so this machine is checked.
   */
  proof: "words" | "host";
}

interface Signature {
  part: Exclude<MachineryPart, "tool">;
  pattern: RegExp;
  /** Sources that are believed without a check; those in neither list are ignored. */
  believed: readonly Speaker[];
  asked: readonly Speaker[];
}

const EVERYBODY: readonly Speaker[] = ["deployer", "host", "app"];
/** Paths of the registry's interface, which only its client requests (OCI distribution specification). */
const REGISTRY_REQUEST = String.raw`(?:Get|Head|Post) "?https?:\/\/[^\s"]+\/v2\/[^\s"]*"?: `;
const NO_ANSWER =
  "(?:.*(?:connection refused|TLS handshake timeout|i/o timeout|no route to host|network is unreachable" +
  "|no such host|server misbehaving|context deadline exceeded|connection reset by peer|EOF))";

const SIGNATURES: readonly Signature[] = [
  {
    // moby, client/errors.go and cli/connhelper; the last is from an agent asked by its socket.
    part: "docker",
    pattern:
      /Cannot connect to the Docker daemon|error during connect: |Is the docker daemon running\?|dial unix \S*docker\.sock: connect: /,
    believed: ["deployer"],
    asked: ["host", "app"],
  },
  {
    // swarmkit and gRPC: answers of a manager without a majority, or of a daemon that is going down.
    part: "docker",
    pattern:
      /not a swarm manager|swarm does not have a leader|unable to resolve docker endpoint|context deadline exceeded|code = Unavailable|connection reset by peer|input\/output error|read-only file system.*\/var\/lib\/docker/i,
    believed: ["deployer"],
    asked: [],
  },
  {
    // Docker Hub's answer 429, from its interface and its page; other registries use the first form.
    part: "registry",
    pattern: /\btoomanyrequests: |pull rate limit/i,
    believed: EVERYBODY,
    asked: [],
  },
  {
    // net/http of Go, after the request, as moby, containerd, skopeo and crane print it.
    part: "registry",
    pattern: new RegExp(`${REGISTRY_REQUEST}${NO_ANSWER}`, "i"),
    believed: EVERYBODY,
    asked: [],
  },
  {
    // moby, distribution: a registry that answers but cannot serve.
    part: "registry",
    pattern: /received unexpected HTTP status: 5\d\d|net\/http: TLS handshake timeout/,
    believed: ["deployer"],
    asked: [],
  },
  {
    // strerror(ENOSPC) and strerror(EDQUOT); Node and others print the code alone.
    part: "disk",
    pattern: /no space left on device|\bENOSPC\b|disk quota exceeded|\bEDQUOT\b/i,
    believed: ["deployer"],
    asked: ["host", "app"],
  },
  {
    // gai_strerror(EAI_AGAIN) of glibc and musl, and its code in Node; apt has its own words.
    part: "dns",
    pattern:
      /Temporary failure in name resolution|\bEAI_AGAIN\b|Temporary failure resolving|^.*: Try again$|bad address '[^']+'/im,
    believed: [],
    asked: EVERYBODY,
  },
  {
    // curl's error 6, ssh, git, Go's resolver; gai_strerror(EAI_NONAME) and its code in Node.
    part: "dns",
    pattern:
      /Could not resolve (?:host|hostname|proxy)|no such host|server misbehaving|Name or service not known|\bENOTFOUND\b|Name does not resolve|Temporary failure in name lookup/i,
    believed: [],
    asked: EVERYBODY,
  },
];

/** Characters read from the end of a long output, which shows why it ended. */
const READ_CHARACTERS = 64 * 1024;
const LONGEST_LINE = 2_000;

/**
 * The signs in an output of failed surroundings: at most one of each part, the last one. Only tools missing for a
 * program on this machine are found here: see `missingTool`.
 */
export function machinerySigns(output: string, speaker: Speaker): MachinerySign[] {
  const lines = output
    .slice(-READ_CHARACTERS)
    .split("\n")
    .map((line) => line.slice(0, LONGEST_LINE));
  const found = new Map<MachineryPart, MachinerySign>();
  for (const { part, pattern, believed, asked } of SIGNATURES) {
    const proof = believed.includes(speaker) ? "words" : asked.includes(speaker) ? "host" : null;
    const line = proof === null ? undefined : lines.findLast((candidate) => pattern.test(candidate));
    if (line === undefined || proof === null || found.get(part)?.proof === "words") continue;
    found.set(part, { part, words: oneLine(line), subject: part === "dns" ? hostIn(line) : null, proof });
  }
  return [...found.values()];
}

/** The sign that proves failed surroundings from the output alone; null if there is none. */
export function certainSign(output: string, speaker: Speaker): MachinerySign | null {
  return machinerySigns(output, speaker).find((sign) => sign.proof === "words") ?? null;
}

/**
 * The tool missing inside a container, from the line that decided the failure: a shell may miss an unimportant tool and
 * end for another reason. Null if none was missing.
 */
export function missingInside(decisive: string): MachinerySign | null {
  const tool = missingTool(decisive, null);
  return tool === null ? null : { part: "tool", words: oneLine(decisive), subject: tool, proof: "words" };
}

const NAME = "[\"'‘]?([a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?)";
/** Places of the host name in such a line. */
const HOSTS: readonly RegExp[] = [
  /\blookup NAME/,
  /Could not resolve (?:host(?:name)?|proxy):? NAME/,
  /(?:EAI_AGAIN|ENOTFOUND) NAME/,
  /Temporary failure resolving NAME/,
  /bad address NAME/,
  /host ?(?:name)?:? \(?NAME/,
  /NAME["'’]?: (?:Temporary failure in name resolution|Name or service not known|Try again|Name does not resolve)/,
].map(({ source }) => new RegExp(source.replace("NAME", NAME), "i"));

function hostIn(line: string): string | null {
  for (const pattern of HOSTS) {
    const name = pattern.exec(line)?.[1];
    if (name !== undefined) return name.toLowerCase();
  }
  return null;
}
