import { oneLine } from "../text/one-line.ts";
import { missingTool } from "./missing-tool.ts";

/**
 * Who said it. `deployer`: the docker client, abra. `host`: what else runs on this machine, tests and commands of
 * the operator. `app`: what runs in a container, a hook among it.
 */
export type Speaker = "deployer" | "host" | "app";

/** A part of the surroundings that can be gone. */
export type MachineryPart = "tool" | "docker" | "registry" | "disk" | "dns";

/** Words by which something says that a part of the surroundings is gone. */
export interface MachinerySign {
  part: MachineryPart;
  /** The line that says so. */
  words: string;
  /** The tool, or the host's name, that it is about; null where it does not name one. */
  subject: string | null;
  /** `words`: nobody else says this. `host`: an app may say it of its own things, so this machine is asked. */
  proof: "words" | "host";
}

interface Signature {
  part: Exclude<MachineryPart, "tool">;
  pattern: RegExp;
  /** By whom it is believed without asking; those who are in neither list are not listened to. */
  believed: readonly Speaker[];
  asked: readonly Speaker[];
}

const EVERYBODY: readonly Speaker[] = ["deployer", "host", "app"];
/** Paths of the registry's interface, which nobody but its client asks for (OCI distribution specification). */
const REGISTRY_REQUEST = String.raw`(?:Get|Head|Post) "?https?:\/\/[^\s"]+\/v2\/[^\s"]*"?: `;
const NO_ANSWER =
  "(?:.*(?:connection refused|TLS handshake timeout|i/o timeout|no route to host|network is unreachable" +
  "|no such host|server misbehaving|context deadline exceeded|connection reset by peer|EOF))";

const SIGNATURES: readonly Signature[] = [
  {
    // moby, client/errors.go and cli/connhelper; an agent that is asked by its socket says the last.
    part: "docker",
    pattern:
      /Cannot connect to the Docker daemon|error during connect: |Is the docker daemon running\?|dial unix \S*docker\.sock: connect: /,
    believed: ["deployer"],
    asked: ["host", "app"],
  },
  {
    // swarmkit and gRPC: what a manager without a majority or a daemon that is going down answers.
    part: "docker",
    pattern:
      /not a swarm manager|swarm does not have a leader|unable to resolve docker endpoint|context deadline exceeded|code = Unavailable|connection reset by peer|input\/output error|read-only file system.*\/var\/lib\/docker/i,
    believed: ["deployer"],
    asked: [],
  },
  {
    // Docker Hub's answer 429, in the words of its interface and of its page; other registries say the first.
    part: "registry",
    pattern: /\btoomanyrequests: |pull rate limit/i,
    believed: EVERYBODY,
    asked: [],
  },
  {
    // net/http of Go, with the request before it, as moby, containerd, skopeo and crane print it.
    part: "registry",
    pattern: new RegExp(`${REGISTRY_REQUEST}${NO_ANSWER}`, "i"),
    believed: EVERYBODY,
    asked: [],
  },
  {
    // moby, distribution: a registry that answers and cannot serve.
    part: "registry",
    pattern: /received unexpected HTTP status: 5\d\d|net\/http: TLS handshake timeout/,
    believed: ["deployer"],
    asked: [],
  },
  {
    // strerror(ENOSPC) and strerror(EDQUOT); the code alone is what Node and others print.
    part: "disk",
    pattern: /no space left on device|\bENOSPC\b|disk quota exceeded|\bEDQUOT\b/i,
    believed: ["deployer"],
    asked: ["host", "app"],
  },
  {
    // gai_strerror(EAI_AGAIN), as glibc and musl say it, and its code in Node; apt has words of its own.
    part: "dns",
    pattern:
      /Temporary failure in name resolution|\bEAI_AGAIN\b|Temporary failure resolving|^.*: Try again$|bad address '[^']+'/im,
    believed: [],
    asked: EVERYBODY,
  },
  {
    // curl's error 6, ssh, git, the resolver of Go; gai_strerror(EAI_NONAME) and its code in Node.
    part: "dns",
    pattern:
      /Could not resolve (?:host|hostname|proxy)|no such host|server misbehaving|Name or service not known|\bENOTFOUND\b|Name does not resolve|Temporary failure in name lookup/i,
    believed: [],
    asked: EVERYBODY,
  },
];

/** Of a long output the end counts: that is where it says why it ended. In characters. */
const READ_CHARACTERS = 64 * 1024;
const LONGEST_LINE = 2_000;

/**
 * What in an output says that the surroundings are gone, at most one sign of each part, the last that was said.
 * Of tools only those that a program on this machine missed are found here: see `missingTool`.
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

/** The sign by which an output is known to speak of the surroundings, without asking anybody; null: there is none. */
export function certainSign(output: string, speaker: Speaker): MachinerySign | null {
  return machinerySigns(output, speaker).find((sign) => sign.proof === "words") ?? null;
}

/**
 * The tool that what runs inside a container missed, by the line that decided its failure: a shell may miss one
 * that does not matter, and end for another reason. Null where none was missed.
 */
export function missingInside(decisive: string): MachinerySign | null {
  const tool = missingTool(decisive, null);
  return tool === null ? null : { part: "tool", words: oneLine(decisive), subject: tool, proof: "words" };
}

const NAME = "[\"'‘]?([a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?)";
/** Where such a line names the host. */
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
