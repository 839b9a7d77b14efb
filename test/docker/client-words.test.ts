import { describe, expect, it } from "vitest";
import { errorLines, GONE, IN_USE } from "../../src/docker/client-words.ts";
import { firstError, isSurroundings } from "../../src/docker/failure.ts";
import { inspect, type ObjectKind } from "../../src/docker/inspect.ts";
import { removeStack } from "../../src/docker/stack-removal.ts";
import { recordedStep } from "../support/recorded-step.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { scriptedClient } from "./scripted-client.ts";

// Copied from what the clients printed, 20.10.24 and 28.5.2, each before engines of both versions.
const NOTICE = [
  "Since --detach=false was not specified, tasks will be created in the background.",
  "In a future release, --detach=false will become the default.",
].join("\n");
const IGNORED = [
  "Ignoring unsupported options: network_mode, privileged, restart\n",
  "Ignoring deprecated options:\n",
  "expose: Exposing ports is unnecessary - services on the same network can access each other's containers on any port.\n",
].join("\n");
const NO_NETWORK =
  'network "nowhere" is declared as external, but could not be found. You need to create a swarm-scoped network before the stack is deployed';
const AWAY =
  "Cannot connect to the Docker daemon at unix:///nowhere/docker.sock. Is the docker daemon running?";
const NETWORK_IN_USE =
  "Error response from daemon: rpc error: code = FailedPrecondition desc = network s9qgpmn77hgigo8l2w7xd4udd is in use by service 3usdd2s9qiukphbaebzpqqwjl";
const NO_CONTEXT =
  'Failed to initialize: unable to resolve docker endpoint: context "nope": context not found: open /root/.docker/contexts/meta/ca37/meta.json: no such file or directory';

describe("the first error of a deploy that failed", () => {
  it.each([
    ["20.10, a network that is not there", NO_NETWORK, NO_NETWORK],
    ["28, a network that is not there", `${NOTICE}\n${NO_NETWORK}`, NO_NETWORK],
    [
      "20.10, what it ignores before it",
      `${IGNORED}\nservice app: secret not found: x`,
      "service app: secret not found: x",
    ],
    [
      "28, what it ignores before it",
      `${IGNORED}\n${NOTICE}\nservice app: secret not found: x`,
      "service app: secret not found: x",
    ],
    [
      "20.10, an unknown property",
      "unsupported Compose file version: 1.0",
      "unsupported Compose file version: 1.0",
    ],
    [
      "28, an unknown property",
      "services.app Additional property foo is not allowed",
      "services.app Additional property foo is not allowed",
    ],
    ["28, no daemon", `${NOTICE}\n${AWAY}`, AWAY],
    ["28, a network in use", `${NETWORK_IN_USE}\nexit status 1`, NETWORK_IN_USE],
  ])("is found in the words of %s", (_client, stderr, error) => {
    expect(firstError(stderr)).toBe(error);
  });

  it.each([
    ["both, no daemon", AWAY],
    ["20.10, no context", 'unable to resolve docker endpoint: context "nope" does not exist'],
    ["28, no context", NO_CONTEXT],
  ])("is machinery's in the words of %s", (_client, stderr) => {
    expect(isSurroundings(stderr)).toBe(true);
  });
});

describe("an object that is not there", () => {
  it.each<[ObjectKind | "task" | "image", string, string]>([
    ["task", "20.10", "Error: No such task: nope"],
    ["task", "28", "Error response from daemon: task nope not found"],
    ["service", "20.10", "Error: No such service: nope\nError: No such service: nope2"],
    [
      "service",
      "28",
      "Error response from daemon: service nope not found\nError response from daemon: service nope2 not found",
    ],
    ["network", "20.10", "Error: No such network: nope"],
    ["network", "28", "Error response from daemon: network nope not found"],
    ["volume", "20.10", "Error: No such volume: nope"],
    ["volume", "28", "Error response from daemon: volume nope not found"],
    ["volume", "28 before 20.10", "Error response from daemon: get nope: no such volume"],
    ["container", "20.10", "Error: No such container: nope"],
    ["container", "28", "Error response from daemon: No such container: nope"],
    ["secret", "20.10", "Error: No such secret: nope"],
    ["secret", "28", "Error response from daemon: secret nope not found"],
    ["config", "20.10", "Status: Error: No such config: nope, Code: 1"],
    ["config", "28", "Error response from daemon: config nope not found"],
    ["image", "20.10", "Error: No such image: nope"],
    ["image", "28", "Error response from daemon: No such image: nope:latest"],
    [
      "image",
      "28 before 20.10",
      "Error response from daemon: no such image: nope: No such image: nope:latest",
    ],
  ])("is left out of the answer: a %s, in the words of %s", async (kind, _client, stderr) => {
    expect(await inspectWith(kind, stderr)).toEqual([]);
  });

  // Whoever believed this would call everything of a lane removed, whose context is gone.
  it.each([
    ["28, no context", NO_CONTEXT, "context not found"],
    ["a socket that cannot be opened", "dial unix /x.sock: connect: no such file or directory", "/x.sock"],
    ["a proxy before the daemon", "Error response from daemon: page not found", "page not found"],
    ["one that is gone and one unknown", `Error: No such task: nope\n${AWAY}`, "No such task"],
  ])("is not read out of the words of %s", async (_client, stderr, message) => {
    await expect(inspectWith("task", stderr)).rejects.toThrow(message);
  });

  async function inspectWith(kind: ObjectKind | "task" | "image", stderr: string): Promise<unknown[]> {
    const folder = temporaryFolder("words");
    const docker = scriptedClient(folder, ["echo '[]'", say(stderr), "exit 1"]);
    return inspect(docker, kind, ["nope", "nope2"], recordedStep(folder).step);
  }
});

describe("an object in use", () => {
  it.each([
    ["both, a network of a service", NETWORK_IN_USE],
    [
      "both, a network of a container",
      'Error response from daemon: error while removing network: network w_in id 51r5xntqi53x has active endpoints (name:"x" id:"0123456789ab")',
    ],
    ["both, a volume", "Error response from daemon: remove w_d: volume is in use - [0123456789ab]"],
  ])("is known by the words of %s, and is not gone", (_client, line) => {
    expect([IN_USE.test(line), GONE.test(line)]).toEqual([true, false]);
  });

  it("is the only meaning of a code that Docker 28 gives after it", () => {
    expect(errorLines(`${NETWORK_IN_USE}\nexit status 1\n`)).toEqual([NETWORK_IN_USE]);
  });
});

describe("a stack whose network is in use for a while", () => {
  it.each([
    ["20.10", `${NETWORK_IN_USE}\n`],
    ["28", `${NETWORK_IN_USE}\nexit status 1\n`],
  ])("is removed in the end with the client %s", async (_client, stderr) => {
    const folder = temporaryFolder("words");
    const network = [{ Id: "n1", Name: "s_in", Labels: { "canonical-sweep.state": "me" } }];
    const docker = scriptedClient(folder, [
      `cd ${folder}`,
      'case "$1 $2" in',
      '"network ls") [ -e gone ] || echo n1 ;;',
      `"inspect --type") [ "$3" != network ] || echo '${JSON.stringify(network)}' ;;`,
      // In use at the first request, and gone after the second.
      `"network rm") [ -e asked ] && touch gone || { touch asked; ${say(stderr)}; exit 1; } ;;`,
      '"stack ps") echo "nothing found in stack: s" >&2; exit 1 ;;',
      '"info --format") echo 2026-01-01T00:00:00Z ;;',
      '"events --since") exec sleep 600 ;;',
      "esac",
    ]);
    const { commands, step } = recordedStep(folder);
    await removeStack(docker, "s", ({ labels }) => labels["canonical-sweep.state"] === "me", step);
    expect(commands.map(({ exitCode }) => exitCode)).toEqual([1, 0]);
  });
});

function say(stderr: string): string {
  return `printf '%s\\n' '${stderr.replaceAll("'", "'\\''").trimEnd()}' >&2`;
}
