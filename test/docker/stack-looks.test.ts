import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createStackLooks, type StackLooks } from "../../src/docker/watch/cached-stack.ts";
import { recordedStep } from "../support/recorded-step.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { scriptedClient } from "./scripted-client.ts";

const EVERYTHING = ["inspect --type service", "inspect --type task", "stack ps --quiet"];

it("a look within a second of the last one asks only for the states of the tasks", async () => {
  const { looks, questions, pass } = watched();
  expect(await looks.look()).toMatchObject({
    fromMemory: false,
    services: [{ id: "s1" }],
    tasks: [{ id: "t1" }],
  });
  expect(questions()).toEqual([...EVERYTHING, "service ls --quiet"].sort());
  pass(999);
  expect(await looks.look()).toMatchObject({ fromMemory: true, tasks: [{ id: "t1" }] });
  expect(questions()).toEqual(["inspect --type task"]);
  pass(1);
  expect(await looks.look()).toMatchObject({ fromMemory: false });
  expect(questions()).toEqual(EVERYTHING);
});

it("a look after an event asks for everything, also where the event came during a look", async () => {
  const { looks, questions } = watched();
  await looks.look();
  looks.forget();
  questions();
  const underWay = looks.look();
  looks.forget();
  await underWay;
  expect(questions()).toEqual(EVERYTHING);
  expect(await looks.look()).toMatchObject({ fromMemory: false });
  expect(questions()).toEqual(EVERYTHING);
  expect(await looks.look()).toMatchObject({ fromMemory: true });
});

it("a stack that had nothing yet is asked for each time", async () => {
  const { looks, setServices } = watched();
  setServices("");
  expect(await looks.look()).toMatchObject({ fromMemory: false, services: [] });
  setServices("s1");
  expect(await looks.look()).toMatchObject({ fromMemory: false, services: [{ id: "s1" }] });
});

/** Looks at a stack of a client that knows one service and one task, by a clock that stands still. */
function watched(): {
  looks: StackLooks;
  /** The first words of what was asked since the last call, in order of the alphabet. */
  questions(): string[];
  pass(milliseconds: number): void;
  setServices(ids: string): void;
} {
  const folder = temporaryFolder("looks");
  const calls = join(folder, "calls");
  const docker = scriptedClient(folder, [
    `echo "$1 $2 $3" >>${calls}`,
    'case "$1 $2 $3" in',
    `"service ls --quiet") cat ${join(folder, "services")} ;;`,
    '"stack ps --quiet") echo t1 ;;',
    `"inspect --type service") echo '${JSON.stringify([SERVICE])}' ;;`,
    `"inspect --type task") echo '${JSON.stringify([TASK])}' ;;`,
    "esac",
  ]);
  const setServices = (ids: string) => writeFileSync(join(folder, "services"), ids === "" ? "" : `${ids}\n`);
  setServices("s1");
  let nowMs = Date.now();
  const { step } = recordedStep(folder);
  return {
    looks: createStackLooks(docker, "s", { ...step, clock: { now: () => nowMs } }),
    questions: () => {
      const asked = existsSync(calls) ? readFileSync(calls, "utf8").trim().split("\n") : [];
      rmSync(calls, { force: true });
      return asked.sort();
    },
    pass: (milliseconds) => {
      nowMs += milliseconds;
    },
    setServices,
  };
}

const SPEC = { ContainerSpec: { Image: "an-image" } };
const AT = "2026-01-01T00:00:00Z";
const SERVICE = {
  ID: "s1",
  UpdatedAt: AT,
  Spec: { Name: "s_app", TaskTemplate: SPEC, Mode: { Replicated: { Replicas: 1 } } },
};
const TASK = {
  ID: "t1",
  ServiceID: "s1",
  CreatedAt: AT,
  Spec: SPEC,
  DesiredState: "running",
  Status: { Timestamp: AT, State: "running" },
};
