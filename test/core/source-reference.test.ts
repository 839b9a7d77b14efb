import { describe, expect, it } from "vitest";
import {
  linesAround,
  lineThatNames,
  lineThatSays,
  sourceReferences,
} from "../../src/core/records/source-reference.ts";

describe("the place in a file that an output names", () => {
  it.each([
    ["bash", "./deploy: line 6: jq: command not found", "./deploy", 6],
    [
      "a container, behind those of who watched it",
      "converge: x_app: crash loop: exited 5 times with code 1: /start.sh: line 13: can't create /etc/jwt.ini",
      "/start.sh",
      13,
    ],
    ["dash", "/srv/tests/custom/a: 4: exec: restic: not found", "/srv/tests/custom/a", 4],
    [
      "Python, the deepest frame",
      'File "/a/tests/custom/login", line 3, in <module>\n  go()\nFile "/a/tests/custom/login", line 9, in go\nAssertionError',
      "/a/tests/custom/login",
      9,
    ],
    ["Node", "    at file:///a/tests/custom/login.mjs:12:5", "/a/tests/custom/login.mjs", 12],
    ["Go", "main.go:33: expected 200", "main.go", 33],
    ["a reader of YAML", "error while parsing compose.yml: yaml: line 12: did not find", "compose.yml", 12],
  ])("is found in the words of %s", (_who, output, file, line) => {
    expect(sourceReferences(output)[0]).toEqual({ file, line });
  });

  it.each(["error: expected 200", "at 12:30:01 it failed", "http://127.0.0.1:8080 is down", ""])(
    "is not found in %j, or has no file's name",
    (output) => {
      expect(sourceReferences(output).filter(({ file }) => /\.(sh|py|js|yml)$/.test(file))).toEqual([]);
    },
  );

  it("is found in a time that grows with the output", () => {
    const startedMs = performance.now();
    for (const piece of ["a.b/", "x.yml ", 'File "', "a.a.a.a:"]) sourceReferences(piece.repeat(200_000));
    expect(performance.now() - startedMs).toBeLessThan(5_000);
  });
});

describe("the lines of a source that a brief shows", () => {
  const text = '#!/bin/sh\na\nb\nc\necho "error: expected 200, found $x"\nd\n';

  it("are those around the named one, and empty where there is no such line", () => {
    expect(linesAround("t", text, 2)?.lines.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5]);
    expect(linesAround("t", text, 6)?.lines.at(-1)).toEqual({ number: 6, text: "d" });
    expect(linesAround("t", text, 7)).toBeNull();
  });

  it("are found by the longest piece of the error", () => {
    expect(lineThatSays(text, "error: expected 200, found 502")).toBe(5);
    expect(lineThatSays(text, "connection refused by peer")).toBeNull();
  });

  it("are found in a compose file by the name that an error quotes", () => {
    const compose = "services:\n  app:\n    networks: [proxy, nope]\n";
    expect(lineThatNames(compose, 'service "app" refers to undefined network nope')).toBe(2);
    expect(lineThatNames(compose, 'service app: undefined network "nope"')).toBe(3);
    expect(lineThatNames(compose, "no quotes")).toBeNull();
  });
});
