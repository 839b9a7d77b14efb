import { VERIFY } from "../../support/sample-app.ts";
import { turningPoints } from "./events.ts";
import { createMachine, type Machine, NEW, OLD } from "./machine.ts";
import type { Story } from "./produce.ts";

type Warm = "idle" | "live";
interface Options {
  /** A folder below the state folder (or itself: empty) has a disk of its own, which loses power at each kill. */
  diskAt?: string;
}

/** A first promotion. */
export async function seed(warm: Warm, options: Options = {}): Promise<Story> {
  const machine = createMachine(warm, options);
  machine.publish(NEW);
  await machine.world.json("plan");
  return {
    ...{ name: `seed, ${warm}`, machine, kind: "seed", from: null, to: NEW },
    ...{ grain: "coarse", label: `PASS (promoted ${NEW})` },
  };
}

/** A promotion over an older canonical, whose data and `.env` differ from the new ones in every file. */
export async function advance(warm: Warm, options: Options = {}): Promise<Story> {
  const machine = await seeded(warm, options);
  return {
    ...{ name: `advance, ${warm}`, machine, kind: "advance", from: OLD, to: NEW },
    ...{ grain: "coarse", label: `PASS (promoted ${NEW})` },
  };
}

/** A seed over a revoked canonical, whose data is kept until the seed is proven. */
export async function seedOverRevoked(): Promise<Story> {
  const machine = await seeded("idle", {});
  await machine.world.json("revoke", "notes", "--reason", "tainted");
  return {
    ...{ name: "seed over a revoked canonical", machine, kind: "seed", from: null, to: NEW },
    ...{ grain: "coarse", label: `PASS (promoted ${NEW})` },
  };
}

/** An advance that spoils the data of the canonical, finds that out and rolls itself back. */
export async function failingAdvance(warm: Warm, options: Options = {}): Promise<Story> {
  const machine = await seeded(warm, options);
  spoilsItsData(machine);
  return {
    ...{ name: `rollback of a failed advance, ${warm}`, machine, kind: "advance", from: OLD, to: NEW },
    grain: "coarse",
    label: `GREEN-BUT-PROMOTE-FAILED (canonical=${OLD}, expected ${NEW})`,
    fails: true,
  };
}

/** A seed that finds its data spoilt, and takes itself away. */
export async function failingSeed(): Promise<Story> {
  const story = await seed("idle");
  spoilsItsData(story.machine);
  return {
    ...story,
    name: "rollback of a failed seed, idle",
    label: `GREEN-BUT-PROMOTE-FAILED (canonical=none, expected ${NEW})`,
    fails: true,
  };
}

/** The run that rolls a killed promotion back, killed itself. */
export function recoveryOf(story: Story, firstKill: string): Story {
  return {
    ...story,
    name: `recovery after a killed ${story.name}`,
    firstKill,
    isTelling: turningPoints,
  };
}

function spoilsItsData({ notes, world }: Machine): void {
  const isWarm = `[ "$SWEEP_DOMAIN" = warm-notes.ci.test ] && [ "$SWEEP_VERSION" = ${NEW} ]`;
  const spoil = `echo spoilt >${world.state}/data/notes/notes.txt`;
  const verify = `${VERIFY}if ${isWarm}; then ${spoil}; echo "error: spoilt"; exit 1; fi\n`;
  notes.change({ files: { "tests/data/verify": verify } });
}

async function seeded(warm: Warm, options: Options): Promise<Machine> {
  const machine = createMachine(warm, options);
  machine.publish(OLD);
  await machine.world.json("sweep");
  machine.greet("hello of the second");
  machine.publish(NEW);
  return machine;
}
