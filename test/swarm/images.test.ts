import { spawnSync } from "node:child_process";
import { expect, it } from "vitest";
import { composeOf, WAITS } from "../support/compose.ts";
import { registryMissing, startRegistry } from "../support/docker-registry.ts";
import { busyboxImage, DOCKER, imageExists } from "../support/images.ts";
import { good } from "../support/outcome.ts";
import { describeOnSwarm, docker, swarmBench } from "../support/swarm.ts";

const noRegistry = registryMissing();

describeOnSwarm(`images from a registry${noRegistry === null ? "" : ` (skipped: ${noRegistry})`}`, () => {
  it.skipIf(noRegistry !== null)(
    "that only the test pulled go with it, and their digest is read back",
    async () => {
      const image = `${await startRegistry()}/sample:1`;
      docker("tag", busyboxImage(), image);
      docker("push", "--quiet", image);
      docker("image", "rm", image);
      const { driver, app, release, step } = swarmBench();
      const source = release("1.0.0+1", { "compose.yml": composeOf({ app: { script: WAITS, image } }) });
      good(await driver.deploy(app, source, null, step().step));
      const [running] = good(await driver.running(app, source, step().step)).images;
      expect(running).toEqual({
        service: "app",
        digest: expect.stringMatching(new RegExp(`^${image.replace(/:1$/, "")}@sha256:[0-9a-f]{64}$`)),
      });
      good(await driver.remove(app, step().step));
      expect(imageExists(image)).toBe(false);
      expect(imageExists(running?.digest ?? "")).toBe(false);
      expect(imageExists(busyboxImage())).toBe(true);
    },
  );

  it.skipIf(noRegistry !== null)("that were here before the test stay after it", async () => {
    const image = `${await startRegistry()}/sample:2`;
    docker("tag", busyboxImage(), image);
    docker("push", "--quiet", image);
    const { driver, app, release, step } = swarmBench();
    const source = release("1.0.0+1", { "compose.yml": composeOf({ app: { script: WAITS, image } }) });
    good(await driver.deploy(app, source, null, step().step));
    good(await driver.remove(app, step().step));
    expect(imageExists(image)).toBe(true);
    spawnSync(DOCKER, ["image", "rm", image]);
  });
});
