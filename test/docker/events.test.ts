import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { type DockerEvent, followEvents, parseEvent } from "../../src/docker/watch/events.ts";
import { recordedStep } from "../support/recorded-step.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { scriptedClient } from "./scripted-client.ts";

const DIE =
  '{"Type":"container","Action":"die","Actor":{"ID":"c1","Attributes":{"exitCode":"3","com.docker.stack.namespace":"s","com.docker.swarm.service.name":"s_app"}},"time":1700000000,"timeNano":1700000000123456789}';

it("an event tells what happened to which service, and when on the daemon's clock", () => {
  expect(parseEvent(DIE)).toEqual({
    type: "container",
    action: "die",
    id: "c1",
    stack: "s",
    service: "s_app",
    exitCode: 3,
    atMs: expect.closeTo(1_700_000_000_123.4568, 2),
  });
  expect(parseEvent("no event")).toBeNull();
});

it("a stream of events that breaks off is taken up after its last event", async () => {
  const folder = temporaryFolder("events");
  const docker = scriptedClient(folder, [`echo "$*" >> ${folder}/calls`, `echo '${DIE}'`, "exit 1"]);
  const { step } = recordedStep(folder);
  const seen: DockerEvent[] = [];
  await new Promise<void>((resolve) => {
    const following = followEvents(docker, "1699999999", step, (event) => {
      seen.push(event);
      if (seen.length === 2) void following.stop().then(resolve);
    });
  });
  expect(seen).toHaveLength(2);
  const calls = readFileSync(join(folder, "calls"), "utf8").trim().split("\n");
  expect(calls.map((call) => /--since (\S+)/.exec(call)?.[1])).toEqual(["1699999999", "1700000000.123458"]);
});
