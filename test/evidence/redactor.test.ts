import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRedactor, redactTexts } from "../../src/core/secrets/redactor.ts";

describe("values known to be secret", () => {
  it("are replaced wherever they stand, as often as they stand there", () => {
    const redactor = createRedactor();
    redactor.add("s3cr3t-value");
    expect(redactor.redact("a s3cr3t-value, again:s3cr3t-value!")).toBe("a ***, again:***!");
  });

  it("are found in an address and in JSON, too", () => {
    const redactor = createRedactor();
    redactor.add('pass word/"x"');
    const text = `https://h/?p=${encodeURIComponent('pass word/"x"')} ${JSON.stringify({ p: 'pass word/"x"' })}`;
    expect(redactor.redact(text)).toBe('https://h/?p=*** {"p":"***"}');
  });

  it("of many lines are found line by line", () => {
    const redactor = createRedactor();
    redactor.add("-----BEGIN KEY-----\nMIIEvQIBADAN\r\nBgkqhkiG9w0B\n");
    expect(redactor.redact("log: MIIEvQIBADAN\nlog: BgkqhkiG9w0B")).toBe("log: ***\nlog: ***");
  });

  it("leave nothing behind where one begins with another, in any order", () => {
    for (const values of [
      ["abcdef", "abcdefghij"],
      ["abcdefghij", "abcdef"],
    ]) {
      const redactor = createRedactor();
      for (const value of values) redactor.add(value);
      expect(redactor.redact("x abcdefghij abcdef")).toBe("x *** ***");
    }
  });

  it.each([
    ["abc", "abc: abc, (abc) abcd xabc ab-abc", "***: ***, (***) abcd xabc ab-***"],
    ["a!b", "a!b a!bc ca!b", "*** a!bc ca!b"],
    ["!a!", "x!a!y", "x***y"],
    ["hunt5", "the hunt5.", "the ***."],
    ["2026", "2026-11-30T10:00:00.2026Z 1.2026 2026 x=2026", "2026-11-30T10:00:00.2026Z 1.2026 *** x=***"],
    ["true", "it is true", "it is true"],
    ["ab", "ab", "ab"],
    ["", "", ""],
  ])("are replaced as words of their own where they are short: %j", (value, text, redacted) => {
    const redactor = createRedactor();
    redactor.add(value);
    expect(redactor.redact(text)).toBe(redacted);
  });

  it("are gone from any text where they stand alone, from three characters on", () => {
    const short = fc
      .stringMatching(/^[A-Za-z]{3,5}$/)
      .filter((value) => !/^(true|false|null|none|yes|off)$/i.test(value));
    fc.assert(
      fc.property(short, fc.string(), fc.string(), (secret, before, after) => {
        const redactor = createRedactor();
        redactor.add(secret);
        expect(redactor.redact(`${before} ${secret} ${after}`)).not.toContain(` ${secret} `);
      }),
    );
  });

  it("leave nothing of each other where they overlap", () => {
    const redactor = createRedactor();
    for (const value of ["abcdefgh", "efghijkl", "cdefgh"]) redactor.add(value);
    expect(redactor.redact("-abcdefghijkl-cdefghijkl-abcdefghabcdefgh-")).toBe("-***-***-******-");
  });

  it.each<[string, (add: (value: string) => void) => void, string]>([
    [
      "one that a text of one letter almost is",
      (add) => add(`b${"a".repeat(60_000)}`),
      "a".repeat(8_000_000),
    ],
    [
      "ten thousand that begin alike",
      (add) => {
        for (let i = 0; i < 10_000; i += 1) add(`aaaaaa${i}`);
      },
      "a".repeat(4_000_000),
    ],
    [
      "a thousand that are each longer than the last",
      (add) => {
        for (let i = 6; i < 1000; i += 1) add(`${"a".repeat(i)}b`);
      },
      "a".repeat(4_000_000),
    ],
    [
      "one of 20,000 lines",
      (add) => add(Array.from({ length: 20_000 }, (_, i) => `line ${i}`).join("\n")),
      "line 1\n".repeat(500_000),
    ],
  ])("take a time in proportion to the text: %s", (_name, plant, text) => {
    const redactor = createRedactor();
    plant(redactor.add);
    const began = performance.now();
    redactor.redact(text);
    expect(performance.now() - began).toBeLessThan(15_000);
  });

  it("are gone from any text once they are added", () => {
    const value = fc
      .string({ unit: "binary", minLength: 6, maxLength: 20 })
      .filter((text) => !text.includes("*"));
    fc.assert(
      fc.property(
        value,
        fc.string({ unit: "binary" }),
        fc.string({ unit: "binary" }),
        (secret, before, after) => {
          const redactor = createRedactor();
          redactor.add(secret);
          expect(redactor.redact(`${before}${secret}${after}`)).not.toContain(secret);
        },
      ),
      { numRuns: 500 },
    );
  });

  it("may end in half a character, which breaks nothing", () => {
    const redactor = createRedactor();
    redactor.add("abcdef\ud800");
    expect(redactor.redact("abcdef\ud800")).toBe("***");
  });
});

describe("a text that looks like a secret", () => {
  it.each([
    ["cloning https://bot:hunter2@git.example.org/x.git", "cloning https://***@git.example.org/x.git"],
    ["https://a:p@ss@h/x@y", "https://***@h/x@y"],
    ["https://ghp_16C7e42F@git.example.org/", "https://***@git.example.org/"],
    ["postgres://app:pw@db:5432/app", "postgres://***@db:5432/app"],
    ["GET /?token=abc123", "GET /?token=***"],
    ["access_token=abc123", "access_token=***"],
    ["DB_PASSWORD=hunter2,x;y", "DB_PASSWORD=***"],
    ["PASSWD: hunter2 next", "PASSWD: *** next"],
    ["password = 'a b c' next", "password = '***' next"],
    ['{"client_secret":"a \\"b\\" c","n":1}', '{"client_secret":"***","n":1}'],
    ['{"line":"{\\"token\\":\\"a b\\"}"}', '{"line":"{\\"token\\":\\"***\\"}"}'],
    ['secret: "never closed', 'secret: "***'],
    ["Authorization: Bearer abc.def", "Authorization: Bearer ***"],
    ["authorization: token abc", "authorization: token ***"],
  ])("is replaced: %s", (text, redacted) => {
    expect(createRedactor().redact(text)).toBe(redacted);
  });

  it.each([
    "ssh://git@git.example.org:22/x.git",
    "https://example.org/a@b",
    "the secret is safe",
    "12 tokens used",
    "password=",
    "token:\nnext line",
    "key: value",
  ])("is not seen in %j", (text) => {
    expect(createRedactor().redact(text)).toBe(text);
  });

  it("costs no time where a long line has none", () => {
    const line = "abcdefghij+.-".repeat(80_000);
    const startedMs = performance.now();
    expect(createRedactor().redact(line)).toBe(line);
    expect(performance.now() - startedMs).toBeLessThan(5_000);
  });
});

describe("a JSON document with secrets", () => {
  it("keeps this program's own words, whatever a secret is, and hides them in what others said", () => {
    const redactor = createRedactor();
    for (const value of ["passed", "promoted", "PASS (promoted", "install", "1.0.0+1", "red at", "BLOCKED"])
      redactor.add(value);
    const row = {
      label: "PASS (promoted 1.0.0+1)",
      target: { version: "1.0.0+1" },
      tiers: [{ tier: "install", status: "passed", reason: "it passed at last" }],
    };
    expect(redactTexts(row, redactor)).toEqual({
      ...row,
      tiers: [{ tier: "install", status: "passed", reason: "it *** at last" }],
    });
    expect(redactTexts({ label: "BLOCKED (requires: promoted)" }, redactor)).toEqual({
      label: "BLOCKED (requires: ***)",
    });
    expect(redactTexts({ label: "FAIL (red at install; canonical unchanged: none)" }, redactor)).toEqual({
      label: "FAIL (red at install; canonical unchanged: none)",
    });
  });

  const HARMFUL = [
    'say "token=abc" now',
    "token=abc\\",
    'password="a',
    "secret='b\"",
    "https://u:p",
    "https://h:80",
    "a@b",
    "Authorization: Bearer x",
    '{"token":"a"}',
    "\n",
  ];
  const texts = fc.array(fc.oneof(fc.constantFrom(...HARMFUL), fc.string()), { maxLength: 5 });

  it("keeps its shape, whatever the texts in it say", () => {
    fc.assert(
      fc.property(texts, (all) => {
        const redacted = redactTexts({ all, n: all.length }, createRedactor()) as {
          all: string[];
          n: number;
        };
        expect(redacted).toEqual({ all: all.map((text) => createRedactor().redact(text)), n: all.length });
      }),
    );
  });

  it("is redacted text by text, so that none hides behind the next", () => {
    const brief = { failure: 'password="a', commands: [{ command: "https://u:pw@h/x" }], target: null, n: 1 };
    expect(redactTexts(brief, createRedactor())).toEqual({
      failure: 'password="***',
      commands: [{ command: "https://***@h/x" }],
      target: null,
      n: 1,
    });
  });
});

it.each(["token=", 'token="', "token='", "tokentoken=\\", "http://"])(
  "a line of megabytes behind %s is redacted as a short one is",
  (begin) => {
    const text = createRedactor().redact(`password=hush ${begin}${"a".repeat(8_000_000)}`);
    expect(text.startsWith("password=*** ")).toBe(true);
  },
);
