import { expect, it } from "vitest";
import { createSwarmDriver } from "../../src/driver/swarm/swarm-driver.ts";
import { composeOf, WAITS } from "../support/compose.ts";
import { contextWithoutDaemon } from "../support/docker.ts";
import { bad } from "../support/outcome.ts";
import { describeOnSwarm, swarmBench, swarmTools } from "../support/swarm.ts";

describeOnSwarm("the swarm driver without Docker", () => {
  it("every act ends as a failure of the machinery, never of the recipe", async () => {
    const { app: here, folder, release, step } = swarmBench();
    const app = { ...here, lane: { ...here.lane, context: contextWithoutDaemon(folder) } };
    const driver = createSwarmDriver({
      tools: swarmTools(),
      home: folder,
      crashLoop: { exits: 5, longestUpMs: 30_000 },
      snapshotHelper: "debian",
    });
    const source = release("1.0.0+1", { "compose.yml": composeOf({ app: { script: WAITS } }) });
    const outcomes = [
      await driver.deploy(app, source, null, step().step),
      await driver.running(app, source, step().step),
      await driver.undeploy(app, source, step().step),
      await driver.remove(app, step().step),
      await driver.inventory(app, source, step().step),
      await driver.removeLeftovers(app.lane, app.owner, [], step().step),
    ];
    expect(outcomes.map((outcome) => bad<unknown>(outcome).cause)).toEqual(Array(6).fill("machinery"));
    expect(await driver.collectEvidence(app, source, `${folder}/evidence`, step().step)).toEqual([]);
  });
});
