import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { composeOf, WAITS } from "../support/compose.ts";
import { good } from "../support/outcome.ts";
import { describeOnSwarm, docker, swarmBench } from "../support/swarm.ts";

const PROXY = "networks:\n  proxy:\n    external: true\n  inner: {}\n";

describeOnSwarm("alias-collision", () => {
  it("the evidence shows which services, and which addresses, answer to a name on the shared network", async () => {
    const [one, two] = [swarmBench(), swarmBench()];
    const services = {
      app: { script: WAITS, more: "networks: [proxy, inner]" },
      web: { script: WAITS, more: "networks: [inner]" },
    };
    for (const { driver, app, release, step } of [one, two]) {
      const source = release("1.0.0+1", { "compose.yml": composeOf(services, PROXY) });
      good(await driver.deploy(app, source, null, step().step));
    }
    const folder = join(one.folder, "evidence");
    await one.driver.collectEvidence(one.app, null, folder, one.step().step);
    const text = readFileSync(join(folder, "aliases.txt"), "utf8");
    expect(text).toContain("`app` on the network proxy is answered by");
    for (const { app } of [one, two]) expect(text).toContain(`${app.stack}_app: ${addressOf(app.stack)}`);
    expect(text).not.toContain("`web`");
  });
});

function addressOf(stack: string): string {
  const container = docker("ps", "-q", "--filter", `name=${stack}_app`);
  return docker("inspect", "--format", "{{.NetworkSettings.Networks.proxy.IPAddress}}", container);
}
