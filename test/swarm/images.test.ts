import { spawnSync } from "node:child_process";
import { expect, it, onTestFinished } from "vitest";
import { fetchImage } from "../../src/docker/images.ts";
import { dockerOf } from "../../src/driver/swarm/swarm-app.ts";
import { composeOf, WAITS } from "../support/compose.ts";
import { openRegistry, registryMissing, startRegistry } from "../support/docker-registry.ts";
import { busyboxImage, DOCKER, imageExists } from "../support/images.ts";
import { good } from "../support/outcome.ts";
import { freePort } from "../support/ports.ts";
import { describeOnSwarm, docker, swarmBench, swarmTools } from "../support/swarm.ts";

const noRegistry = registryMissing();

describeOnSwarm(`images from a registry${noRegistry === null ? "" : ` (skipped: ${noRegistry})`}`, () => {
  it.skipIf(noRegistry !== null)(
    "are removed with the test that pulled them, and their digest is read back",
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

  it.skipIf(noRegistry !== null)("stay after a test where they were here before it", async () => {
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

describeOnSwarm(`an image on this host${noRegistry === null ? "" : ` (skipped: ${noRegistry})`}`, () => {
  /** Gives what the test runs another name, until the test has finished. */
  const named = (image: string) => {
    docker("tag", busyboxImage(), image);
    onTestFinished(() => void spawnSync(DOCKER, ["image", "rm", image]));
    return image;
  };
  const pushed = (image: string) => {
    docker("push", "--quiet", named(image));
    return image;
  };
  const digestOf = (image: string) => {
    const digests = docker("image", "inspect", "--format", "{{json .RepoDigests}}", image);
    const own = `${image.replace(/:\d+$/, "")}@`;
    return (JSON.parse(digests) as string[]).find((digest) => digest.startsWith(own)) ?? "";
  };

  async function fetched(image: string) {
    const { folder, app, step } = swarmBench();
    const options = {
      tools: swarmTools(),
      home: folder,
      crashLoop: { exits: 5, longestUpMs: 1 },
      snapshotHelper: "none",
    };
    const { notes, step: within, warnings } = step();
    const result = await fetchImage(dockerOf(options, app.lane, app.run), image, within);
    return { ...result, notes, warnings };
  }

  const ALONE = "exists on this host alone: no registry has it";
  const taken = (image: string) => ({ image, pulled: null, confirmed: false });

  it.skipIf(noRegistry !== null)("is not said to be here alone where its registry has it", async () => {
    const image = pushed(`${await startRegistry()}/alone:1`);
    expect(await fetched(image)).toEqual({ image, pulled: null, confirmed: true, notes: [], warnings: [] });
    const digest = digestOf(image);
    expect(await fetched(digest)).toMatchObject({ confirmed: true, notes: [] });
  });

  it.skipIf(noRegistry !== null)("is named where it was never pushed and its registry says so", async () => {
    const registry = await startRegistry();
    pushed(`${registry}/other:1`);
    for (const image of [named(`${registry}/never:1`), named(`${registry}/other:2`)])
      expect(await fetched(image)).toEqual({
        ...taken(image),
        notes: [`image ${image} ${ALONE}`],
        warnings: [],
      });
  });

  it.skipIf(noRegistry !== null)(
    "is named, by tag and by digest, where its registry has lost it",
    async () => {
      const registry = await openRegistry();
      const image = pushed(`${registry.address}/lost:1`);
      const digest = digestOf(image);
      registry.forget();
      for (const one of [image, digest])
        expect(await fetched(one)).toEqual({ ...taken(one), notes: [`image ${one} ${ALONE}`], warnings: [] });
    },
  );

  it("is named where the recipe calls it by its id, which no registry has", async () => {
    const id = docker("image", "inspect", "--format", "{{.Id}}", busyboxImage());
    for (const one of [id, id.slice("sha256:".length), id.slice("sha256:".length, 19)])
      expect((await fetched(one)).notes).toEqual([
        `image ${one} exists on this host alone: it is named by its id, which no registry has`,
      ]);
  });

  it.skipIf(noRegistry !== null)("is not said to be here alone where its registry is away", async () => {
    const away = await freePort();
    const never = named(`localhost:${away}/away:1`);
    expect(await fetched(never)).toEqual({ ...taken(never), notes: [], warnings: [] });
  });

  it.skipIf(noRegistry !== null)(
    "is used with a warning where the registry that it came from is away",
    async () => {
      const registry = await openRegistry();
      const image = pushed(`${registry.address}/gone:1`);
      await registry.close();
      const { notes, warnings } = await fetched(image);
      expect(notes).toEqual([]);
      expect(warnings).toEqual([
        expect.stringContaining(`the registry of ${image} gave no answer; the image on`),
      ]);
    },
  );
});
