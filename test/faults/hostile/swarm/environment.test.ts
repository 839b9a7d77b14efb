import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { docker } from "../../../support/docker.ts";
import { DOCKER } from "../../../support/images.ts";
import { describeOnSwarm } from "../../../support/swarm.ts";
import { detailsOf, worldForTest } from "../../../sweep-swarm/world.ts";
import { hostileVariables, MAY_SEE, seeEnvironments, seenBeyond } from "../seen-environments.ts";

/** What touches volumes runs in a jail, which has no shell script in it: `unshare` is what begins one. */
const PROGRAMS = ["docker", "flock", "git", "unshare"];
const VERSION = "1.0.0+1";
const LIMIT = { timeout: 600_000 };

describeOnSwarm("a recipe's variables on a swarm", () => {
  it(
    "reach its containers, and neither the docker client nor its credential program nor any other",
    LIMIT,
    async () => {
      const world = await worldForTest();
      const evil = join(world.root, "evil.sh");
      const witness = join(world.root, "witness");
      const elsewhere = join(world.root, "elsewhere");
      mkdirSync(elsewhere);
      writeFileSync(evil, `#!/bin/bash\ntouch '${witness}'\n`, { mode: 0o755 });
      const seen = seeEnvironments(world.root, PROGRAMS);
      world.configure({ path: [seen.bin, dirname(DOCKER)] });
      // The operator's own credential program is one of bash, which reads BASH_ENV.
      const credentials = join(seen.bin, "docker-credential-operator");
      writeFileSync(credentials, `#!/bin/bash\n${seen.noting("credentials")}cat >/dev/null; echo '{}'\n`);
      chmodSync(credentials, 0o755);
      mkdirSync(join(world.root, "home/.docker"), { recursive: true });
      writeFileSync(join(world.root, "home/.docker/config.json"), '{ "credsStore": "operator" }');
      const { LD_PRELOAD: _, LD_LIBRARY_PATH: __, ...hostile } = hostileVariables(evil, elsewhere);
      // The client finds nothing at all with these, and so the label tells whether it saw them.
      const lines = Object.entries({ ...hostile, HOME: elsewhere }).map(
        ([name, value]) => `${name}='${value}'\n`,
      );
      const recipe = world.recipe("app", { settings: { env: { GIT_TRACE: "1", DOCKER_TLS_VERIFY: "1" } } });
      recipe.publish(VERSION, {
        files: {
          ".env.sample": `TYPE=app\nSECRET_DB_PASSWORD_VERSION=v1\n${lines.join("")}`,
          "evil.sh": `#!/bin/bash\ntouch '${witness}'\n`,
        },
        compose: ({ services }) => {
          const app = services.app ?? {};
          app.labels = { "hostile.proxy": `\${http_proxy}` };
        },
      });
      const { exit, document } = await world.json("run", "app", "--no-promote", "--keep");
      expect(exit, detailsOf(document)).toBe(0);
      expect(existsSync(witness)).toBe(false);
      for (const program of [...PROGRAMS, "credentials"]) {
        expect(seenBeyond(seen, program === "credentials" ? "docker" : program), program).toEqual([]);
        expect(seen.folders(program).join(" "), program).not.toMatch(/checkout/);
      }
      expect(seen.values("docker", "HOME")).toEqual(["/nonexistent", join(world.root, "home")]);
      const format = "{{json .Spec}}";
      const names = docker("service", "ls", "--format", "{{.Name}}").split("\n");
      const service = names.find((name) => name.endsWith(`${world.domain.replaceAll(".", "_")}_app`)) ?? "";
      const spec = docker("service", "inspect", "--format", format, service);
      expect(spec).toContain(`BASH_ENV=${evil}`);
      expect(spec).toContain('"hostile.proxy":"http://127.0.0.1:1"');
    },
  );

  it(
    "reach neither abra nor the terminal that it is given: it reads them in the app's `.env` by itself",
    LIMIT,
    async () => {
      const world = await worldForTest("abra");
      const evil = join(world.root, "evil.sh");
      const elsewhere = join(world.root, "elsewhere");
      mkdirSync(elsewhere);
      const abra = join(world.root, "tools", "abra");
      const seen = seeEnvironments(world.root, ["abra", "git", "script"], { abra });
      world.configure({ path: [seen.bin, dirname(DOCKER)] });
      const {
        DOCKER_HOST: _,
        DOCKER_CONFIG: __,
        DOCKER_CONTEXT: ___,
        ...hostile
      } = hostileVariables(evil, elsewhere);
      const lines = Object.entries(hostile).map(([name, value]) => `${name}='${value}'\n`);
      const recipe = world.recipe("app", { settings: { env: { GIT_TRACE: "1" } } });
      recipe.publish(VERSION, {
        files: { ".env.sample": `TYPE=app\nSECRET_DB_PASSWORD_VERSION=v1\n${lines.join("")}` },
      });
      await world.json("run", "app", "--no-promote");
      expect(seen.names("abra")).toContain("ABRA_DIR");
      for (const program of ["abra"]) {
        expect(seenBeyond(seen, program), program).toEqual([]);
        expect(seen.folders(program).join(" "), program).not.toMatch(/checkout/);
      }
      const ofTerminal = seenBeyond(seen, "script");
      expect(ofTerminal.filter((name) => !MAY_SEE.abra?.includes(name))).toEqual([]);
    },
  );
});
