import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ActFailed } from "../../src/docker/failure.ts";
import { type Look, watch } from "../../src/docker/watch/watch.ts";
import { recordedStep } from "../support/recorded-step.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { scriptedClient } from "./scripted-client.ts";

it("a watch that is done at its first look follows no events", async () => {
  const { end, asked } = watched([{ done: "gone" }]);
  expect(await end).toBe("gone");
  expect(asked()).toEqual([]);
});

it("a watch that is not done looks again once it follows events, and at each event", async () => {
  const { end, asked } = watched([
    { waitingFor: "it", againInMs: 60_000 },
    { waitingFor: "it", againInMs: 60_000 },
    { done: "gone" },
  ]);
  expect(await end).toBe("gone");
  expect(asked()).toEqual(["info", "events --since 2026-01-01T00:00:00Z"]);
});

it("a failure of the first look ends the watch as a failure of a later one does", async () => {
  const failed = new ActFailed({ cause: "refused", step: "remove", message: "not ours" });
  for (const looks of [[{ failed }], [{ waitingFor: "it" }, { failed }]])
    await expect(watched(looks).end).rejects.toBe(failed);
});

/** Watches something with these looks by a client whose one event comes as soon as it is followed. */
function watched(looks: readonly Look<string>[]): {
  end: Promise<string>;
  /** What the client was asked, without filters and formats. */
  asked(): string[];
} {
  const folder = temporaryFolder("watch");
  const calls = join(folder, "calls");
  const event = { Type: "container", Action: "destroy", Actor: { ID: "c" }, timeNano: 1 };
  const docker = scriptedClient(folder, [
    'case "$1" in',
    `info) echo info >>${calls}; echo 2026-01-01T00:00:00Z ;;`,
    `events) echo "$1 $2 $3" >>${calls}; echo '${JSON.stringify(event)}'; exec sleep 60 ;;`,
    "esac",
  ]);
  const { step } = recordedStep(folder);
  let next = 0;
  const end = watch<string>({
    docker,
    asking: step,
    say: () => {},
    look: async () => {
      next += 1;
      return looks[next - 1] ?? { waitingFor: "a look that was not expected" };
    },
  });
  return {
    end,
    asked: () => (existsSync(calls) ? readFileSync(calls, "utf8").trim().split("\n") : []),
  };
}
