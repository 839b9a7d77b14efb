import { describe, expect, it } from "vitest";
import { leafPaths, parseSnapshots } from "../../src/driver/abra/backup-list.ts";
import { addMissing, declaredSecrets, readVariable, setVariables } from "../../src/driver/abra/env-file.ts";
import { firstError } from "../../src/driver/abra/failure.ts";
import { outputOf } from "../../src/driver/abra/run-abra.ts";
import { parseGenerated, shortName } from "../../src/driver/abra/secrets.ts";

describe("what abra prints", () => {
  it.each([
    ["INFO looking\nFATA R014: only annotated tags\nmore", "R014: only annotated tags"],
    ["WARN error ahead\n  FATA: stopped", "stopped"],
    ["ERRO no route\n", "no route"],
    ["so far so good\ncannot read compose.yml\nbye", "cannot read compose.yml"],
    ["only words", "only words"],
    ["\n \n", null],
  ])("has the first error of %j in %j", (output, error) => {
    expect(firstError(output)).toBe(error);
  });

  it("is read without what a terminal adds", () => {
    const stdout = "\u001b[?25l\u001b[1;31mFATA\u001b[0m stopped\r\n\u001b]0;title\u0007";
    expect(firstError(outputOf({ stdout, stderr: "" }))).toBe("stopped");
  });

  it.each([
    ["rows", '[{"name":"db_password","value":"abc"},{"NAME":"token","VALUE":"d e"}]'],
    ["an object", '{"db_password":"abc","token":"d e"}'],
    [
      "rows after a warning",
      'WARN x already exists\n[{"name":"db_password","value":"abc"},{"name":"token","value":"d e"}]\n',
    ],
  ])("gives the values of generated secrets as %s", (_, stdout) => {
    expect(parseGenerated(stdout)).toEqual({ db_password: "abc", token: "d e" });
  });

  it.each(["", "no secrets generated", "[", '[{"name":3,"value":null}]'])(
    "gives no values in %j",
    (stdout) => {
      expect(parseGenerated(stdout)).toEqual({});
    },
  );

  it("names a snapshot by a short or a full id, and never by a fraction of a second", () => {
    const full = "a".repeat(64);
    const output = `2026-06-17 05:03:14 0a1b2c3d\nFATA 2026\n2026-06-17T05:03:14.12345678Z ${full}\n11111111 no date\n`;
    expect(parseSnapshots(output)).toEqual(["0a1b2c3d", full]);
  });

  it("tells the files in the list of a backup from the folders that lead to them", () => {
    const list =
      "snapshot 0a1b2c3d of [/v/a]:\n/v\n/v/a\n/v/a-b\n/v/a/one file\n-rw-r--r-- 0 0 12 2026-06-17 /v/a/two\n";
    expect(leafPaths(list).sort()).toEqual(["/v/a-b", "/v/a/one file", "/v/a/two"]);
  });
});

describe("an env file", () => {
  const text = [
    "TYPE=notes:1.0.0+1",
    "# GREETING=commented out",
    'QUOTED="with # no comment" # but this is one',
    "SECRET_DB_PASSWORD_VERSION=v1 # length=64 charset=hex",
    "",
  ].join("\n");

  it("keeps the comments of lines whose value is set, since they say how a secret is made", () => {
    const set = setVariables(text, {
      SECRET_DB_PASSWORD_VERSION: "v2",
      QUOTED: "x",
      GREETING: "it's $5\nmore",
    });
    expect(set).toContain("SECRET_DB_PASSWORD_VERSION=v2 # length=64 charset=hex\n");
    expect(set).toContain("QUOTED=x # but this is one\n");
    expect(set).toContain("# GREETING=commented out\n");
    expect(set.endsWith('GREETING="it\'s \\$5\\nmore"\n')).toBe(true);
  });

  it("names its secrets with their versions", () => {
    expect(declaredSecrets(text)).toEqual([
      { name: "db_password", version: "v1", comment: " # length=64 charset=hex" },
    ]);
    expect(readVariable(text, "QUOTED")).toBe("with # no comment");
    expect(readVariable(text, "GREETING")).toBe(null);
    expect(shortName("a_b", "a_b_db_password_v1")).toBe("db_password");
  });

  it("takes only what is missing from a newer sample, modifiers included", () => {
    const sample = "TYPE=notes\nSECRET_TOKEN_VERSION=v1 # length=8\n#NOT_SET=1\n";
    const { text: merged, added } = addMissing(text, sample);
    expect(added).toEqual(["SECRET_TOKEN_VERSION"]);
    expect(merged).toBe(`${text}SECRET_TOKEN_VERSION=v1 # length=8\n`);
  });
});
