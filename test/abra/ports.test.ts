import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { DOCKER } from "../support/images.ts";
import { bad } from "../support/outcome.ts";
import { freePort, listenForTest } from "../support/ports.ts";
import { createUpstream } from "../support/upstream.ts";
import { openBench } from "./bench.ts";
import { notesFiles } from "./notes-recipe.ts";
import { docker, ensureImage, IMAGE, leftOf, whyNoSwarm } from "./swarm.ts";

const missing = whyNoSwarm();
const VERSION = "1.0.0+1.0.0";

function benchWithPort(port: number) {
  return openBench((folder) => {
    const files = notesFiles("1.0.0");
    const compose = JSON.parse(String(files["compose.yml"]));
    compose.services.app.ports = [{ target: 80, published: port, mode: "host" }];
    const upstream = createUpstream(join(folder, "notes.git"));
    upstream.commit({ ...files, "compose.yml": JSON.stringify(compose) });
    upstream.tag(VERSION);
    return upstream;
  });
}

describe.skipIf(missing !== null)(
  `ports, by the driver of abra${missing === null ? "" : ` (${missing})`}`,
  () => {
    beforeAll(ensureImage);

    it("in use by a process of the host or a container refuse the deploy, by name, before abra is called", async () => {
      const { port } = await listenForTest("tcp", "127.0.0.1");
      const published = await freePort();
      const name = `notes-theirs-${published}`;
      docker("run", "--detach", "--name", name, "--publish", `${published}:80`, IMAGE, "sleep", "600");
      onTestFinished(() => void spawnSync(DOCKER, ["rm", "--force", name]));
      for (const [taken, by] of [
        [port, `(process ${process.pid}) listens on 127.0.0.1 of this host`],
        [published, `container ${name} publishes it`],
      ] as const) {
        const { app, commands, driver, source, step } = benchWithPort(taken);
        const failure = bad(await driver.deploy(app, source(VERSION), null, step));
        expect(failure.cause).toBe("refused");
        expect(failure.message).toContain(`port ${taken}/tcp, which service app publishes, is in use: `);
        expect(failure.message).toContain(by);
        expect(commands.filter(({ command }) => / app deploy /.test(command))).toEqual([]);
        expect(leftOf(app.stack).filter((object) => !object.startsWith("secret "))).toEqual([]);
        await driver.remove(app, step);
      }
    });
  },
);
