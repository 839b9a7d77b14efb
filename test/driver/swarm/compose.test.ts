// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are variables of compose and .env files
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { labelsOf, nameInDocker, readCompose } from "../../../src/driver/swarm/compose.ts";
import { escapeDollars, interpolate } from "../../../src/driver/swarm/interpolate.ts";
import { permissionsOf } from "../../../src/driver/swarm/permissions.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

function checkout(files: Record<string, string>): string {
  const folder = temporaryFolder("compose");
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

describe("interpolate", () => {
  it.each([
    ["$A and ${A}", "x and x"],
    ["$$A", "$A"],
    ["${NOPE:-d}", "d"],
    ["${EMPTY:-d}", "d"],
    ["${EMPTY-d}", ""],
    ["${NOPE-}", ""],
    ["${A:-d}", "x"],
    ["${NOPE:-${A}y}", "xy"],
    ["${NOPE:?must be set}", ""],
    ["$NOPE.", "."],
    ["100$", "100$"],
  ])("makes of %s: %s", (text, filled) => {
    expect(interpolate({ a: [text] }, { A: "x", EMPTY: "" })).toEqual({ a: [filled] });
  });

  it("leaves what was escaped for it as it is", () => {
    expect(interpolate(escapeDollars("a$b${c}$$"), { b: "no", c: "no" })).toBe("a$b${c}$$");
  });
});

describe("compose files", () => {
  it("are laid over each other as COMPOSE_FILE says, merge keys and lists of labels included", () => {
    const folder = checkout({
      "compose.yml":
        "version: '3.8'\nx-base: &base\n  image: a\nservices:\n  app:\n    <<: *base\n    deploy:\n      labels: ['x=1', 'z=2']\nvolumes:\n  data:\n",
      "more/extra.yml":
        "version: '3.8'\nservices:\n  app:\n    deploy:\n      labels:\n        z: 3\n  db: { image: b }\nvolumes:\n  more: { name: other }\n",
    });
    const compose = readCompose(folder, "compose.yml:more/extra.yml");
    expect(compose.files).toEqual([join(folder, "compose.yml"), join(folder, "more/extra.yml")]);
    expect(compose.version).toBe("3.8");
    expect(compose.services.app?.image).toBe("a");
    expect(labelsOf(compose.services.app ?? {})).toEqual({ x: "1", z: "3" });
    expect(Object.keys(compose.services)).toEqual(["app", "db"]);
    expect(nameInDocker("s", "data", compose.volumes.data ?? {})).toBe("s_data");
    expect(nameInDocker("s", "more", compose.volumes.more ?? {})).toBe("other");
  });

  it.each(["/etc/passwd", "../outside.yml", "-x.yml", "a/../../b.yml"])(
    "never leave the checkout: %s",
    (name) => {
      expect(() => readCompose(checkout({ "compose.yml": "" }), name)).toThrow(/outside of the recipe/);
    },
  );

  it("that do not parse, or are missing, are named", () => {
    expect(() => readCompose(checkout({ "compose.yml": "a: [" }), undefined)).toThrow(/compose\.yml/);
    expect(() => readCompose(checkout({}), undefined)).toThrow(/no such file/);
  });
});

describe("permissionsOf", () => {
  it("names the socket and the host's folders, once each, and no named volume", () => {
    const folder = checkout({
      "compose.yml": `version: "3.8"
services:
  app:
    image: a
    volumes:
      - /var/run/docker.sock:/var/run/docker.sock:ro
      - /srv/media/../media:/media
      - data:/data
      - /anonymous
      - ./conf:/conf
      - { type: bind, source: /srv/media, target: /m2 }
      - { type: volume, source: data, target: /d2 }
  db:
    image: b
    volumes: ["\${HOST}:/x"]
volumes:
  data: {}
  bound: { driver: local, driver_opts: { type: none, o: "rw,bind", device: /srv/bound } }
`,
    });
    const filled = interpolate(readCompose(folder, undefined), { HOST: "/opt" });
    expect(permissionsOf(filled, { checkout: folder, stack: "s" })).toEqual([
      "a mount of ./conf, which is no volume and no absolute path (service app)",
      "docker-socket",
      "host-mount:/opt",
      "host-mount:/srv/bound",
      "host-mount:/srv/media",
    ]);
  });
});
