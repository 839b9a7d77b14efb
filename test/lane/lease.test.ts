import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, it, onTestFinished } from "vitest";
import { createDocker } from "../../src/docker/docker.ts";
import { Fault } from "../../src/fault.ts";
import { acquireLease, dropLeaseOf, LEASE_NAME, leaseHolder, refuseTwin } from "../../src/lane/lease.ts";
import { DOCKER } from "../support/images.ts";
import { recordedStep } from "../support/recorded-step.ts";
import { describeOnSwarm, swarmTools } from "../support/swarm.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

// Its own name: the lane of this swarm may be in use by other tests.
const NAME = `${LEASE_NAME}-test-${process.pid}`;

function bench() {
  const folder = temporaryFolder("lease");
  const { searchPath } = swarmTools();
  const docker = createDocker({
    file: DOCKER,
    context: "default",
    searchPath,
    home: folder,
  });
  return { docker, step: recordedStep(folder).step };
}

/** A process that lives until it is ended, as another sweep would. */
function otherProcess() {
  const child = spawn("/bin/sleep", ["1000"], { stdio: "ignore" });
  onTestFinished(() => void child.kill("SIGKILL"));
  return {
    pid: child.pid ?? 0,
    end: async () => {
      child.kill("SIGKILL");
      await once(child, "exit");
    },
  };
}

describeOnSwarm("the lease of a lane", () => {
  it("tainted-canonical: a second run of another state folder is refused, naming the first", async () => {
    const { docker, step } = bench();
    const other = otherProcess();
    const lease = await acquireLease(docker, { owner: "state-a", run: "run-a", pid: other.pid }, step, NAME);
    const refused = acquireLease(docker, { owner: "state-b", run: "run-b", pid: process.pid }, step, NAME);
    await expect(refused).rejects.toThrow(/run run-a of the state folder with the id state-a/);
    await expect(refused).rejects.toMatchObject({ code: "locked" } satisfies Partial<Fault>);
    expect(await leaseHolder(docker, step, NAME)).toMatchObject({ owner: "state-a", run: "run-a" });
    await lease.release(step);
    expect(await leaseHolder(docker, step, NAME)).toBeNull();
  });

  it("goes over to the next when its holder is dead, and the dead one's release does not end it", async () => {
    const { docker, step } = bench();
    const other = otherProcess();
    const dead = await acquireLease(docker, { owner: "state-a", run: "run-a", pid: other.pid }, step, NAME);
    await other.end();
    const lease = await acquireLease(
      docker,
      { owner: "state-b", run: "run-b", pid: process.pid },
      step,
      NAME,
    );
    await dead.release(step);
    expect(await leaseHolder(docker, step, NAME)).toMatchObject({ run: "run-b" });
    await lease.release(step);
  });

  it("is let go for a dead run of the same state folder, and for no other", async () => {
    const { docker, step } = bench();
    const other = otherProcess();
    await acquireLease(docker, { owner: "state-a", run: "run-a", pid: other.pid }, step, NAME);
    expect(await dropLeaseOf(docker, "state-a", step, NAME)).toBe(false);
    await other.end();
    expect(await dropLeaseOf(docker, "state-b", step, NAME)).toBe(false);
    expect(await leaseHolder(docker, step, NAME)).toMatchObject({ owner: "state-a" });
    expect(await dropLeaseOf(docker, "state-a", step, NAME)).toBe(true);
    expect(await leaseHolder(docker, step, NAME)).toBeNull();
  });

  it("is refused to a copy of the holder's state folder, and taken over when that process is dead", async () => {
    const { docker, step } = bench();
    const other = otherProcess();
    await acquireLease(docker, { owner: "state-a", run: "run-a", pid: other.pid }, step, NAME);
    const copy = { owner: "state-a", run: "run-b", pid: process.pid };
    await expect(acquireLease(docker, copy, step, NAME)).rejects.toMatchObject({ code: "locked" });
    await expect(refuseTwin(docker, "state-a", step, NAME)).rejects.toMatchObject({ code: "locked" });
    await refuseTwin(docker, "state-b", step, NAME);
    await other.end();
    await refuseTwin(docker, "state-a", step, NAME);
    const lease = await acquireLease(docker, copy, step, NAME);
    expect(await leaseHolder(docker, step, NAME)).toMatchObject({ run: "run-b" });
    await lease.release(step);
  });

  it("is not given twice to one process: two lanes on one swarm are noticed", async () => {
    const { docker, step } = bench();
    const holder = { owner: "state-a", run: "run-a", pid: process.pid };
    const lease = await acquireLease(docker, holder, step, NAME);
    await expect(acquireLease(docker, holder, step, NAME)).rejects.toThrow(Fault);
    await lease.release(step);
  });

  it("is given to one of two that ask at the same moment", async () => {
    const { docker, step } = bench();
    const [a, b] = [otherProcess(), otherProcess()];
    const asked = await Promise.allSettled([
      acquireLease(docker, { owner: "state-a", run: "run-a", pid: a.pid }, step, NAME),
      acquireLease(docker, { owner: "state-b", run: "run-b", pid: b.pid }, step, NAME),
    ]);
    const given = asked.filter((one) => one.status === "fulfilled");
    expect(given).toHaveLength(1);
    for (const one of given) await one.value.release(step);
  });
});
