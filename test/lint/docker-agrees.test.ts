// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are variables of compose files
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkRelease } from "../../src/lint/check.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { factsOf } from "./facts.ts";
import { GOOD_RECIPES } from "./good-recipes.ts";

const missing = spawnSync("/usr/bin/docker", ["--version"]).status !== 0 && process.env.CI !== "true";
const reason = missing ? " (skipped: no docker client here)" : "";

/** What the client says to a compose file. There is no daemon: what it accepts goes no further than itself. */
function dockerSays(files: readonly string[], env: Readonly<Record<string, string>> = {}): string {
  const folder = temporaryFolder("docker-agrees");
  const options = files.flatMap((text, index) => {
    const file = join(folder, `${index}.yml`);
    writeFileSync(file, text);
    return ["--compose-file", file];
  });
  const { stdout, stderr } = spawnSync("/usr/bin/docker", ["stack", "deploy", ...options, "never"], {
    encoding: "utf8",
    env: { DOCKER_HOST: `unix://${folder}/no-daemon.sock`, HOME: folder, PATH: "/usr/bin:/bin", ...env },
  });
  return stdout + stderr;
}

const SERVICE = 'version: "3.8"\nservices:\n  app:\n    image: a:1\n';
const REFUSED: Record<string, string> = {
  "no version": "services: { app: { image: a:1 } }\n",
  "a version that is a number": "version: 3.8\nservices: {}\n",
  "a version of another kind": 'version: "2.4"\nservices: {}\n',
  "a version that is yet to come": 'version: "3.14"\nservices: {}\n',
  "nothing at all": "",
  "a list": "- a\n",
  "services as a list": 'version: "3.8"\nservices: []\n',
  "a service that is nothing": 'version: "3.8"\nservices:\n  app:\n',
  name: `name: x\n${SERVICE}`,
  "an unknown section": `things: {}\n${SERVICE}`,
  "depends_on as a map": `${SERVICE}    depends_on: { app: {} }\n`,
  profiles: `${SERVICE}    profiles: [x]\n`,
  pull_policy: `${SERVICE}    pull_policy: always\n`,
  extends: `${SERVICE}    extends: { service: app }\n`,
  mem_limit: `${SERVICE}    mem_limit: 1g\n`,
  start_interval: `${SERVICE}    healthcheck: { start_interval: 5s }\n`,
  "the content of a config": `${SERVICE}configs: { c: { content: x } }\n`,
  "a duration that is a number": `${SERVICE}    healthcheck: { interval: 30 }\n`,
  "a duration without a unit": `${SERVICE}    healthcheck: { interval: "30" }\n`,
  "an empty duration": `${SERVICE}    deploy: { update_config: { monitor: "" } }\n`,
  "a number that is a word": `${SERVICE}    healthcheck: { retries: many }\n`,
  "a number in quotes": `${SERVICE}    deploy: { replicas: "2" }\n`,
  "a duration with a variable that is not set": `${SERVICE}    healthcheck: { start_period: "\${P}" }\n`,
  "a number with a variable that is not set": `${SERVICE}    healthcheck: { retries: "\${R}" }\n`,
  "a variable that must be set": `${SERVICE}    command: "\${X?set it}"\n`,
};

const ACCEPTED: Record<string, string> = {
  "durations of any form": `${SERVICE}    stop_grace_period: 1h2m3.5s\n    healthcheck: { interval: "0", timeout: 1.5s }\n`,
  "numbers of any form": `${SERVICE}    healthcheck: { retries: 0x3 }\n    deploy: { replicas: 1 }\n`,
  "an extension": `x-a: &a { image: b:1 }\n${SERVICE}  other: { <<: *a }\n`,
  "a newer version": 'version: "3.9"\nservices: { app: { image: a:1 } }\n',
};

const errorsOf = (files: Record<string, string>) =>
  checkRelease(factsOf(files)).findings.filter(({ level }) => level === "error");

// The part of a message that is Docker's own.
function wordsIn(message: string): string {
  const quoted = /and Docker refuses it: `([^`]+)`/.exec(message)?.[1];
  return quoted ?? /^(?:services\.\w+: )?(.*?)(?:: the file has| \(it is|$)/.exec(message)?.[1] ?? "";
}

describe.skipIf(missing)(
  `what lint calls an error, the docker client refuses in the same words${reason}`,
  () => {
    it.each(Object.entries(REFUSED))("%s", (_says, text) => {
      const said = dockerSays([text]).replaceAll(/\s+/g, " ");
      const [error, ...others] = errorsOf({ "compose.yml": text });
      expect(others).toEqual([]);
      expect(said).toContain(wordsIn(error?.message ?? "nothing was found"));
      expect(said).not.toContain("Cannot connect");
    });

    it("two files of different versions", () => {
      const files = ['version: "3.8"\nservices: {}\n', 'version: "3.7"\nservices: {}\n'];
      const [error] = errorsOf({
        "compose.yml": files[0] ?? "",
        "b.yml": files[1] ?? "",
        ".env.sample": "COMPOSE_FILE=compose.yml:b.yml\n",
      });
      expect(dockerSays(files)).toContain(error?.message);
    });
  },
);

describe.skipIf(missing)(`what the docker client accepts, lint accepts${reason}`, () => {
  it.each(Object.entries(ACCEPTED))("%s", (_says, text) => {
    expect(dockerSays([text])).toContain("Cannot connect");
    expect(errorsOf({ "compose.yml": text })).toEqual([]);
  });

  it.each(Object.entries(GOOD_RECIPES))("the recipe %s", (_name, files) => {
    const facts = factsOf(files);
    const { compose } = facts.release;
    const used = compose.state === "read" ? compose.compose.files.map(({ file }) => files[file] ?? "") : [];
    expect(dockerSays(used, facts.release.variables)).toContain("Cannot connect");
  });
});
