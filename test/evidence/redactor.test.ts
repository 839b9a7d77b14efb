import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRedactor, redactTexts } from "../../src/evidence/redactor.ts";

describe("values that are known to be secret", () => {
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

  it("nothing is left of a value that begins with another one, in whatever order they came", () => {
    for (const values of [
      ["abcdef", "abcdefghij"],
      ["abcdefghij", "abcdef"],
    ]) {
      const redactor = createRedactor();
      for (const value of values) redactor.add(value);
      expect(redactor.redact("x abcdefghij abcdef")).toBe("x *** ***");
    }
  });

  it("short ones would blot out ordinary words, and are left", () => {
    const redactor = createRedactor();
    redactor.add("true");
    redactor.add("");
    expect(redactor.redact("it is true")).toBe("it is true");
  });

  it("any value that was added is gone from any text", () => {
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

  it("half a character breaks nothing", () => {
    const redactor = createRedactor();
    redactor.add("abcdef\ud800");
    expect(redactor.redact("abcdef\ud800")).toBe("***");
  });
});

describe("what looks like a secret", () => {
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
  ])("%s", (text, redacted) => {
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
  ])("but %j is none", (text) => {
    expect(createRedactor().redact(text)).toBe(text);
  });

  it("a long line without any is no hindrance", () => {
    const line = "abcdefghij+.-".repeat(80_000);
    const startedMs = performance.now();
    expect(createRedactor().redact(line)).toBe(line);
    expect(performance.now() - startedMs).toBeLessThan(5_000);
  });
});

describe("what is written as JSON", () => {
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
