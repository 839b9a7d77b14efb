import { describe, expect, it } from "vitest";
import { parseJunit } from "../../../src/app/read-junit.ts";
import { machinerySigns } from "../../../src/core/cause/machinery-signature.ts";
import { missingTool } from "../../../src/core/cause/missing-tool.ts";
import { lineThatSays, sourceReferences } from "../../../src/core/records/source-reference.ts";
import { createRedactor } from "../../../src/core/secrets/redactor.ts";
import { cutMiddle } from "../../../src/core/text/cut-middle.ts";
import { firstError } from "../../../src/core/text/first-error.ts";
import { oneLine } from "../../../src/core/text/one-line.ts";
import { outputOfCommand } from "../../../src/core/text/step-output.ts";
import { visible } from "../../../src/core/text/visible.ts";
import { firstError as firstErrorOfDocker } from "../../../src/docker/failure.ts";
import { declaredSecrets, setVariables } from "../../../src/driver/abra/env-file.ts";
import { gitWords } from "../../../src/mirror/git-words.ts";
import { parseUpstreamRefs } from "../../../src/mirror/refs.ts";

const redactor = createRedactor();
redactor.add("correct-horse-battery");
redactor.add("abc");

/** What reads the text of others, and what it looks for: said again and again, it must not be looked for again and again. */
const READERS: Record<string, [(text: string) => unknown, string[]]> = {
  "the redactor": [
    redactor.redact,
    ["token=", 'token="\\', "https://a", "://a:", "authorization: bearer ", "correct-horse-batter", "ab"],
  ],
  "the first error": [firstError, ["error", "\n", "not foun", " "]],
  "the first error of Docker": [firstErrorOfDocker, ["Creating ", "\n ", "network "]],
  "a missing tool": [
    (text) => missingTool(text, 127),
    ["a: ", "x: not found", "_execute_child", "exec: ", "sh: "],
  ],
  "signs of the machinery": [
    (text) => machinerySigns(text, "host"),
    ["lookup a", "Get https://a/v2/: ", "a: Try again", "bad address '"],
  ],
  "one line": [oneLine, [" ", "\u0000", "é", "\u200b \n"]],
  "what may be seen": [visible, ["\u001b]", "\u001b[", "\u001b[1;", "\u009d", "\u001bP\u001b", "\u202e"]],
  "places in a source": [sourceReferences, ["a.", "/a/", "a.yml ", 'File "', "1:"]],
  "the line of a script that says an error": [
    (text) => lineThatSays(text, "never said ".repeat(20)),
    ["\n", "never sai\n", "never said never "],
  ],
  "the output of a command": [
    (log) => outputOfCommand(log, "x"),
    ["2025-01-01T00:00:00Z ", "2025-01-01T00:00:00Z $ x\n", "\n"],
  ],
  "a JUnit file": [(text) => parseJunit(`<a b="${text}"/>`), ["<!--", "<![CDATA[", "<failure", "&lt;", "'"]],
  "the elements of a JUnit file": [
    (text) => parseJunit(`<a>${text}</a>`),
    ["<!--", "<b/>", "<b c='", "<![CDATA[", "&"],
  ],
  "what git says": [gitWords, ["\r", "fatal: ", "https://a", "hint:\n"]],
  "a list of refs": [parseUpstreamRefs, [`${"1".repeat(40)}\tHEAD\n`, "\t", "ref: "]],
  "abra's .env": [
    (text) => [setVariables(text, { A: "1" }), declaredSecrets(text)],
    ["A=", "A=\n", 'A="\\', "SECRET_", "\n"],
  ],
  "the middle of a text": [(text) => cutMiddle(text, 1000), ["\n", "a"]],
};

const BYTES = 500_000;
/** A hundred times of what it takes on an idle machine; in proportion to the square it takes a hundred times of this. */
const LIMIT_MS = 10_000;

describe.each(Object.entries(READERS))(
  "%s: a text of megabytes is read in a time in proportion to its length",
  (_name, [read, units]) => {
    it.each(units)("of %j alone", (unit) => {
      for (const end of ["", "x", "\n"]) {
        const text = unit.repeat(Math.ceil(BYTES / unit.length)) + end;
        const began = performance.now();
        read(text);
        expect(performance.now() - began).toBeLessThan(LIMIT_MS);
      }
    });
  },
);

describe("text of others", () => {
  it("loses the codes of a terminal, and keeps what they stand around", () => {
    expect(
      visible(
        "\u001b[1;31mred\u001b[0m \u001b]0;owned\u0007title \u001b]8;;http://x\u001b\\link \u009b2Jclear \u001bcreset",
      ),
    ).toBe("red title link clear reset");
  });

  it("has a mark for each character that is invisible or turns the text around, C1 and bidi too", () => {
    expect(visible("a\u0000b\u0085c\u202ed\u2066e\u2069f\u2028g\rh")).toBe("a�b�c�d�e�f�g�h");
    expect(visible("a code without an end \u001b]0;here")).toBe("a code without an end �]0;here");
    expect(visible("two\r\nlines\t\n")).toBe("two\nlines\t\n");
  });

  it("keeps its first and last lines where its middle is cut out, and says how much is gone", () => {
    const text = Array.from({ length: 1000 }, (_, index) => `line ${index}`).join("\n");
    const cut = cutMiddle(text, 200);
    expect(cut).toMatch(/^line 0\nline 1\n.*\n… \d+ characters were left out here …\n.*\nline 999$/s);
    expect(cut.length).toBeLessThanOrEqual(200);
    expect(cutMiddle(text, text.length)).toBe(text);
  });
});
