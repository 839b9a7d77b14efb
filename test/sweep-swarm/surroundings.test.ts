import { spawnSync } from "node:child_process";
import { dirname } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { type Operator, startOperator } from "../faults/swarm/operator.ts";
import { registryMissing, startRegistry } from "../support/docker-registry.ts";
import { busyboxImage, DOCKER } from "../support/images.ts";
import { freePort } from "../support/ports.ts";
import { describeOnSwarm, docker, writeClient } from "../support/swarm.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { labelsOf, rowOf } from "../support/world.ts";
import { type Compose, PLAIN_TESTS, withoutData } from "./notes-recipe.ts";
import { readInVolume, shortObjectsOf } from "./objects.ts";
import { detailsOf, worldForTest } from "./world.ts";

/** Most of it is waiting for the lane. */
const LIMIT_MS = 1_800_000;
const noRegistry = registryMissing();

async function operatorForTest(): Promise<Operator> {
  const operator = await startOperator();
  onTestFinished(() => operator.close());
  return operator;
}

describeOnSwarm("the surroundings of a release on a swarm", () => {
  it(
    "a port that another stack publishes blocks the release, by name and at once; the next one is tested",
    async () => {
      const [world, operator, port] = [await worldForTest(), await operatorForTest(), await freePort()];
      const name = `${operator.word}-mail`;
      const labels = { "com.docker.stack.namespace": "theirs" };
      await operator.service(name, labels, "--publish", `mode=host,target=25,published=${port}`);
      const compose = (release: Compose) => {
        withoutData(release);
        const { app = {} } = release.services;
        app.ports = [{ target: 25, published: port, mode: "host" }];
      };
      const settings = { timeouts: { deploy: "5m" } };
      world.recipe("mail", { tests: PLAIN_TESTS, settings, quirk: { compose }, releases: ["1.0.0+1"] });
      world.recipe("site", { tests: PLAIN_TESTS, quirk: { compose: withoutData }, releases: ["1.0.0+1"] });
      const { document, exit } = await world.json("sweep");
      const found = `port ${port}/tcp, which service app publishes, is in use: service ${name} of stack theirs publishes it`;
      expect(labelsOf(document), detailsOf(document)).toEqual({
        mail: expect.stringContaining(`BLOCKED (refused: ${found}; nothing was deployed`),
        site: "PASS (promoted 1.0.0+1; data not proven)",
      });
      expect(exit).toBe(3);
      const { detail, durationMs } = rowOf(document, "mail");
      expect(detail).toContain(
        `${found}; nothing was deployed: free the port, or let the recipe publish another`,
      );
      expect(durationMs, "no wait for what cannot come").toBeLessThan(120_000);
      expect(operator.touched()).toEqual([]);
      expect(shortObjectsOf(world.domain).filter((object) => object.includes("mail"))).toEqual([]);
    },
    LIMIT_MS,
  );

  it.skipIf(noRegistry !== null)(
    "an image that exists on this host alone is named in the row, and the label stays as it is",
    async () => {
      const world = await worldForTest();
      const image = `${await startRegistry()}/never-pushed:1`;
      docker("tag", busyboxImage(), image);
      onTestFinished(() => void spawnSync(DOCKER, ["image", "rm", image]));
      const quirk = { compose: withoutData, image };
      world.recipe("site", { tests: PLAIN_TESTS, quirk, releases: ["1.0.0+1"] });
      const { document, exit } = await world.json("sweep");
      expect(labelsOf(document), detailsOf(document)).toEqual({
        site: "PASS (promoted 1.0.0+1; data not proven)",
      });
      expect(exit).toBe(0);
      const said = `; image ${image} exists on this host alone: no registry has it`;
      expect(rowOf(document, "site").detail.split(said), "said once").toHaveLength(2);
    },
    LIMIT_MS,
  );

  it(
    "a foreign volume that came between stays; the app is ended, and the row names the volume and the files",
    async () => {
      const [world, operator] = [await worldForTest(), await operatorForTest()];
      const client = temporaryFolder("client");
      // Just before a deploy, whatever its stack is called: the last of the client's arguments.
      const keeps = `${DOCKER} run --rm --network none -v "$stack"_data:/v ${busyboxImage()} sh -c "echo theirs >/v/theirs"`;
      const between = `for stack; do :; done; ${DOCKER} volume create "$stack"_data >&2; ${keeps} >&2`;
      writeClient(client, `case "$*" in *"stack deploy"*) ${between} ;; esac`);
      world.configure({ path: [client, dirname(DOCKER)] });
      world.recipe("notes", { releases: ["1.0.0+1"] });
      const { document, exit } = await world.json("sweep");
      const label = labelsOf(document).notes ?? "";
      const volume = /^BLOCKED \(refused: volume (\S+_data) was made by somebody else/.exec(label)?.[1] ?? "";
      expect(volume, detailsOf(document)).not.toBe("");
      expect(exit).toBe(3);
      const [, files] = rowOf(document, "notes").detail.split(
        "written into it since the app began to use it: ",
      );
      expect(files?.split(", ").sort()).toEqual(["notes", "password"]);
      expect(readInVolume(volume, "theirs")).toBe("theirs");
      expect(shortObjectsOf(world.domain).map((object) => object.split(" ")[0])).toEqual(["volume"]);
      expect(operator.touched()).toEqual([]);
    },
    LIMIT_MS,
  );
});
