// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are variables of compose files
import { describe, expect, it } from "vitest";
import { labelsOf, nameInDocker } from "../../src/compose/compose.ts";
import { fill } from "../../src/compose/fill.ts";
import { toPlainJson } from "../../src/compose/plain-json.ts";
import { readPlain } from "../../src/compose/scalar.ts";
import { problemsOf, readFiles } from "./read.ts";

const APP = 'version: "3.8"\nservices:\n  app:\n    image: a:1\n';

describe("a variable in a compose file", () => {
  const variables: Record<string, string> = { A: "x", EMPTY: "" };
  const filled = (text: string) => fill(text, (name) => variables[name]);

  it.each([
    ["$A and ${A}", "x and x"],
    ["$$A", "$A"],
    ["${NOPE:-d}", "d"],
    ["${EMPTY:-d}", "d"],
    ["${EMPTY-d}", ""],
    ["${NOPE-}", ""],
    ["${A:-d}", "x"],
    ["${NOPE:-${A}y}", "${Ay}"],
    ["$NOPE.", "."],
    ["$NOPE:-all of it", "all of it"],
    ["${A?b:c}", "x"],
  ])("is filled in as Docker does: %s is %s", (text, value) => {
    expect(filled(text)).toEqual({ text: value });
  });

  it.each([
    "100$",
    "${",
    "${A",
    "${A:-",
    "${-x}",
    "${A b}",
    "${ſ:-bind}",
    "$ſ",
    "$Aſ",
    "${A:+x}",
    "${NOPE:?set it}",
    "$1",
    "${A?x:-y}",
  ])("is refused where Docker refuses it, or where its folding of letters reads more: %s", (text) =>
    expect(filled(text)).toHaveProperty("problem"),
  );

  it("takes linear time, however it is nested", () => {
    const began = performance.now();
    expect(filled("${A:-".repeat(200_000))).toHaveProperty("problem");
    expect(filled("${A}$A".repeat(50_000))).toHaveProperty("text");
    expect(performance.now() - began).toBeLessThan(2_000);
  });
});

describe("a word without quotes", () => {
  it.each([
    ["a", "a"],
    ["12", 12],
    ["0x1F", 31],
    ["0777", 511],
    ["1e3", 1000],
    ["~", null],
    ["", null],
    ["true", true],
    ["False", false],
    ["v1.2", "v1.2"],
    ["-", "-"],
  ])("has one meaning: %s", (word, value) => expect(readPlain(word)).toEqual({ value, doubt: null }));

  it.each([
    ["yes", true],
    ["n", false],
    ["0o17", "0o17"],
    ["22:22", "22:22"],
    ["1_000", 1000],
    ["2020-01-01", "2020-01-01"],
    ["08", 8],
    [".inf", ".inf"],
    ["99999999999999999999", "99999999999999999999"],
  ])("is in doubt where readers of YAML differ: %s", (word, value) => {
    const { value: found, doubt } = readPlain(word);
    expect(found).toBe(value);
    expect(doubt).not.toBeNull();
  });
});

describe("compose files", () => {
  it("are laid over each other as COMPOSE_FILE says, merge keys and lists of labels included", () => {
    const { compose, problems } = readFiles(
      {
        "compose.yml":
          "version: '3.8'\nx-base: &base\n  image: a\nservices:\n  app:\n    <<: *base\n    deploy:\n      labels: ['x=1', 'z=2']\nvolumes:\n  data:\n",
        "more/extra.yml":
          "version: '3.8'\nservices:\n  app:\n    deploy:\n      labels:\n        z: 3\n  db: { image: b }\nvolumes:\n  more: { name: other }\n",
      },
      {},
      "compose.yml:more/extra.yml",
    );
    expect(problems).toEqual([]);
    expect(compose?.version).toBe("3.8");
    expect(compose?.services.app?.image).toBe("a");
    expect(labelsOf(compose?.services.app ?? {})).toEqual({ x: "1", z: "3" });
    expect(Object.keys(compose?.services ?? {})).toEqual(["app", "db"]);
    expect(nameInDocker("s", "data", compose?.volumes.data ?? {})).toBe("s_data");
    expect(nameInDocker("s", "more", compose?.volumes.more ?? {})).toBe("other");
  });

  it("have their env_file and their empty variables filled in", () => {
    const files = {
      "compose.yml": `${APP}    env_file: app.env\n    environment: { B: own, C: , D: "" }\n`,
      "app.env": "A=1\nB=file\n# no\nNAME\nGONE\n",
    };
    const { compose, problems } = readFiles(files, { NAME: "n", C: "c" });
    expect(problems).toEqual([]);
    expect(compose?.services.app).toEqual({
      image: "a:1",
      environment: { A: "1", B: "own", C: "c", D: "", NAME: "n" },
    });
  });

  it("have their short forms written out", () => {
    const { compose } = readFiles(
      `${APP}    ports: ["8000-8001:80-81/udp"]\n    volumes: ["data:/d:ro", "/x:/y:rslave"]\n    networks: [proxy]\nvolumes: { data: }\nnetworks: { proxy: { external: true } }\n`,
    );
    expect(compose?.services.app).toEqual({
      image: "a:1",
      ports: [
        { protocol: "udp", mode: "ingress", target: 80, published: 8000 },
        { protocol: "udp", mode: "ingress", target: 81, published: 8001 },
      ],
      volumes: [
        { type: "volume", source: "data", target: "/d", read_only: true },
        { type: "bind", source: "/x", target: "/y", bind: { propagation: "rslave" } },
      ],
      networks: { proxy: null },
    });
    expect(compose?.networks.proxy).toEqual({ external: true, name: "proxy" });
  });

  it("have all their faults named at once, each with its file and line", () => {
    const text = `${APP}    labels: { x: yes }\n    ports: [99999]\n    nope: 1\n    healthcheck: { interval: 30 }\n`;
    expect(problemsOf(readFiles(text))).toEqual([
      "compose.yml:5: services.app.labels.x must be a string, number or null: put it in quotes",
      'compose.yml:6: services.app.ports.0 is no port such as "8080:80"',
      "compose.yml:7: services.app Additional property nope is not allowed",
      "compose.yml:8: services.app.healthcheck.interval must be a string",
    ]);
  });

  it.each([
    ["a carriage return that ends a comment", `${APP}    # x\r    volumes: ["/:/x"]\n`, /U\+000D/],
    ["U+0085", `${APP}    # x\u0085    volumes: ["/:/x"]\n`, /U\+0085/],
    ["U+2028", `${APP}    # x\u2028    volumes: ["/:/x"]\n`, /U\+2028/],
    ["U+2029", `${APP}    # x\u2029    volumes: ["/:/x"]\n`, /U\+2029/],
    ["a byte order mark within", `${APP}\ufeff    volumes: ["/:/x"]\n`, /U\+FEFF/],
    ["UTF-16", Buffer.from(`\ufeff${APP}`, "utf16le"), /not UTF-8/],
    ["a lone continuation byte", Buffer.from([0x61, 0x80]), /not UTF-8/],
    ["a key twice", `${APP}    image: b\n`, /unique/],
    ["a tag", `${APP}    hostname: !!str x\n`, /tag/],
    ["a tag of its own", `${APP}    hostname: !x y\n`, /tag/],
    ["a directive", `%YAML 1.1\n---\n${APP}`, /directives/],
    ["two documents", `${APP}---\n${APP}`, /multiple documents/],
    ["an anchor that refers to itself", "services: &s\n  app: *s\n", /alias contains itself/],
    ["an anchor that nothing has", `${APP}    hostname: *x\n`, /unknown|Unresolved|anchor/],
    ["a merge over what stands before it", `x-a: &a { image: b }\n${APP}    <<: *a\n`, /put `<<` first/],
    ["a key that is a number", `${APP}    labels: { 1: x }\n`, /put it in quotes/],
    ["a key that is false for some", `${APP}    environment: { n: x }\n`, /put it in quotes/],
    ["a key whose colon no blank follows", `${APP}    networks: { a:, b: }\n`, /a blank is missing after/],
    ["a key that is a list", `${APP}    ? [x]\n    : y\n`, /key/],
    ["200 levels", `x: ${"[".repeat(200)}${"]".repeat(200)}\n${APP}`, /levels/],
    ["50,000 levels of lists", `x: ${"- ".repeat(50_000)}\n${APP}`, /levels|not allowed/],
    ["300 KB", `${APP}# ${"x".repeat(300_000)}\n`, /bytes; at most/],
    [
      "300 services",
      `version: "3.8"\nservices:\n${Array.from({ length: 300 }, (_, n) => `  s${n}: { image: a }\n`).join("")}`,
      /300 services; at most 200/,
    ],
    ["2,000 ports", `${APP}    ports: ["10000-12000:10000-12000"]\n`, /publishes 2001 ports; at most 1000/],
    [
      "a volume that nothing defines",
      `${APP}    volumes: ["data:/x"]\n`,
      /service app: undefined volume "data"/,
    ],
    ["an unknown option of a mount", `${APP}    volumes: ["/x:/y:exec"]\n`, /option exec is unknown/],
    ["an env_file outside", `${APP}    env_file: ../x\n`, /env_file \.\.\/x is not in the recipe/],
    [
      "a service without a mapping",
      'version: "3.8"\nservices:\n  app: x\n',
      /services\.app must be a mapping/,
    ],
  ])("are refused with %s", (_name, text, words) => {
    const reading = readFiles({ "compose.yml": text });
    expect(problemsOf(reading).join("\n")).toMatch(words);
  });

  it("are refused where their variables grow past the bound, before it costs memory", () => {
    const text = `${APP}    command: [${Array.from({ length: 3_000 }, () => '"${BIG}"').join(", ")}]\n`;
    expect(problemsOf(readFiles(text, { BIG: "x".repeat(1_000_000) })).join()).toMatch(
      /fill in more than 4194304/,
    );
  });

  it("count what an alias repeats, and are read in time that grows with their size", () => {
    const began = performance.now();
    const aliases = Array.from({ length: 20_000 }, () => "*a").join(", ");
    const repeated = `x-a: &a "${"y".repeat(60_000)}"\n${APP}    command: [${aliases}]\n`;
    expect(problemsOf(readFiles(repeated)).join()).toMatch(/more than 8388608 characters/);
    const volumes = Array.from({ length: 20_000 }, (_, number) => ` v${number}:\n`).join("");
    expect(problemsOf(readFiles(`${APP}volumes:\n${volumes}`))).toEqual([]);
    expect(performance.now() - began).toBeLessThan(10_000);
  });

  it("read a file that every service names at most as often as the bound allows", () => {
    const services = Array.from(
      { length: 190 },
      (_, number) => `  s${number}: { image: a, env_file: big.env }\n`,
    );
    const files = {
      "compose.yml": `version: "3.8"\nservices:\n${services.join("")}`,
      "big.env": `A=${"x".repeat(200_000)}\n`,
    };
    expect(problemsOf(readFiles(files)).join()).toMatch(/more than 16777216 bytes of files are read/);
  });

  it.each(["/etc/passwd", "../outside.yml", "-x.yml", "a/../../b.yml"])(
    "never leave the recipe: %s",
    (name) => {
      expect(problemsOf(readFiles(APP, {}, name)).join()).toMatch(/outside of the recipe/);
    },
  );

  it("are named where they are missing, and refused where there are 51 of them", () => {
    expect(problemsOf(readFiles({}))).toEqual(["compose.yml:1: open compose.yml: no such file or directory"]);
    const many = Array.from({ length: 51 }, (_, n) => `${n}.yml`).join(":");
    expect(problemsOf(readFiles(APP, {}, many)).join()).toMatch(/names 51 files; at most 50/);
  });
});

describe("the compose file that we write for Docker", () => {
  it("is ASCII in double quotes, and has nothing left to fill in", () => {
    const value = { k$: "$A ${B} $$", text: 'é😀\u2028"\\\n\u0000', list: [1, true, null, 1.5] };
    const json = toPlainJson(value);
    expect(json).toMatch(/^[\x20-\x7e\n]*$/);
    expect(json).toContain('"k$":"$$A $${B} $$$$"');
    expect(json).toContain('"\\u00e9\\U0001f600\\u2028\\u0022\\u005c\\u000a\\u0000"');
    expect(json).toContain("[1,true,null,1.5]");
  });
});
