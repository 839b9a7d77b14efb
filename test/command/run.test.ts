import { expect, it } from "vitest";
import { Environment } from "../../src/command/environment.ts";
import { runCommand } from "../../src/command/run.ts";
import { sideBySide } from "../../src/core/side-by-side.ts";

const clock = { now: () => Date.now() };
const COMMANDS = 400;
const WIDTH = 16;

it("deadlines and Ctrl-C get their turn between any number of quick commands", async () => {
  let turns = 0;
  let isOver = false;
  const count = () => {
    turns += 1;
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);
  const deadline = { setting: "the test", limitMs: 60_000, at: clock.now() + 60_000 };
  await sideBySide(Array.from({ length: COMMANDS }), WIDTH, () =>
    runCommand({ file: "/bin/true", args: [], cwd: "/", env: Environment.of("flock", {}), deadline }, clock),
  );
  isOver = true;
  expect(turns).toBeGreaterThanOrEqual(COMMANDS / WIDTH);
});
