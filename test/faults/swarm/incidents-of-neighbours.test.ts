import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { describeOnSwarm } from "../../support/swarm.ts";
import { labelsOf, rowOf } from "../../support/world.ts";
import { type Compose, PLAIN_TESTS, withoutData } from "../../sweep-swarm/notes-recipe.ts";
import { shortObjectsOf } from "../../sweep-swarm/objects.ts";
import { detailsOf, openWorld, type SwarmWorld } from "../../sweep-swarm/world.ts";
import { report } from "../fault.ts";
import { type Operator, startOperator } from "./operator.ts";

/** Most of it is waiting for the lane. */
const LIMIT_MS = 1_800_000;
const SERVES =
  "mkdir -p /srv; echo theirs >/srv/index.html; httpd -f -p 80 -h /srv & trap 'exit 0' TERM; while :; do sleep 0.2; done";

let world: SwarmWorld;
let operator: Operator;

describeOnSwarm("incidents with neighbours on a swarm", () => {
  beforeAll(async () => {
    world = await openWorld("swarm", { timeouts: { deploy: "60s", promote: "35s" } });
    operator = await startOperator();
  }, LIMIT_MS);

  afterAll(async () => {
    await operator?.close();
    await world?.close();
  }, LIMIT_MS);

  it(
    "live-provider: a seed at the domain of a provider that others use is refused, and it goes on answering",
    async (context) => {
      const login = world.recipe("login", {
        tests: PLAIN_TESTS,
        quirk: { compose: withoutData },
        releases: ["1.0.0+1"],
      });
      const labels = { "com.docker.stack.namespace": login.stack };
      const data = operator.volume(`${login.stack}_users`, labels);
      await operator.serve(
        `${login.stack}_app`,
        SERVES,
        labels,
        "--network",
        "proxy",
        "--mount",
        `type=volume,source=${data},target=/users`,
      );
      const page = () => curl(login.domain);
      await expect.poll(page, { timeout: 60_000, interval: 200 }).toBe("theirs\n");
      const { document, exit } = await world.json("run", "login");
      expect(labelsOf(document), detailsOf(document)).toEqual({
        login: "GREEN-BUT-PROMOTE-FAILED (canonical=none, expected 1.0.0+1)",
      });
      expect(exit).toBe(3);
      for (const line of [`service ${login.stack}_app`, `volume ${data}`])
        expect(rowOf(document, "login").detail).toContain(line);
      for (const words of [["clean"], ["clean", "--discard", "login"], ["roll"]]) {
        const end = await world.call(...words);
        expect(end.exit, end.stderr).toBe(0);
      }
      expect(await page()).toBe("theirs\n");
      report(context, {
        kind: "foreign object",
        name: "live-provider: a provider of the operator's answers at a seed's warm domain, at run, clean, discard, roll",
        outcome: "refused, still answering",
        lost: [],
        touched: operator.touched(),
      });
    },
    LIMIT_MS,
  );

  it(
    "alias-collision: an app whose backend's name leads to a neighbour's is not promoted, and both stay as they are",
    async (context) => {
      await operator.serve(`${operator.word}-neighbour`, SERVES, {}, "--network", "name=proxy,alias=api");
      const alias = world.recipe("alias", {
        tests: PLAIN_TESTS,
        settings: { health: { path: "/cgi-bin/asks-api" } },
        quirk: { begin: ASKS_API, compose: withBackend },
        releases: ["1.0.0+1"],
      });
      const { document } = await world.json("run", "alias");
      const row = rowOf(document, "alias");
      expect(row.label, row.detail).toBe("GREEN-BUT-PROMOTE-FAILED (canonical=none, expected 1.0.0+1)");
      expect(row.detail).toMatch(/health did not end within 35 s \(timeouts\.promote\); last seen: HTTP 502/);
      expect(alias.record()).toBeNull();
      expect(world.read("runs", document.run, "alias", "warm", "aliases.txt")).toContain(
        `${operator.word}-neighbour`,
      );
      const brief = world.read("runs", document.run, "alias", "brief.md");
      const answers = (name: string) => new RegExp(`${name}: \\d+\\.\\d+\\.\\d+\\.\\d+`);
      for (const name of [`${operator.word}-neighbour`, `${alias.stack}_api`])
        expect(brief).toMatch(answers(name));
      expect(brief).toContain("Names that others answer to as well");
      expect(shortObjectsOf(world.domain).filter((line) => line.includes("alias"))).toEqual([]);
      report(context, {
        kind: "foreign object",
        name: "alias-collision: a neighbour on the shared network answers to the name of the app's backend",
        outcome: "cold green, warm health failed, nothing left of the seed",
        lost: [],
        touched: operator.touched(),
      });
    },
    LIMIT_MS,
  );
});

/** A page that is well only where the name `api` leads to the app's own backend. */
const ASKS_API = `cat >/www/cgi-bin/asks-api <<END
#!/bin/sh
if [ "\\$(wget -qO- http://api/)" = "$RELEASE" ]; then printf 'HTTP/1.0 200 OK\\r\\n\\r\\nwell\\n'
else printf 'HTTP/1.0 502 Bad Gateway\\r\\n\\r\\nsomebody else\\n'; fi
END
chmod +x /www/cgi-bin/asks-api`;

// The cold stack's network has a name before `proxy`, the warm one's after it: in that order they are asked.
function withBackend(compose: Compose): void {
  withoutData(compose);
  const { app = {} } = compose.services;
  const script = 'mkdir -p /srv; printf %s "$$RELEASE" >/srv/index.html; exec httpd -f -p 80 -h /srv';
  compose.services = {
    app: { ...app, networks: ["internal", "proxy"] },
    api: {
      ...app,
      configs: [],
      command: ["sh", "-c", script],
      networks: ["internal"],
      stop_grace_period: "1s",
    },
  };
  compose.networks = { internal: {}, proxy: { external: true } };
}

async function curl(domain: string): Promise<string> {
  const args = ["--silent", "--header", `Host: ${domain}`, `http://${world.edge.address}/`];
  return (await promisify(execFile)("/usr/bin/curl", args)).stdout;
}
