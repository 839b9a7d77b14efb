import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { maskAddress, readAddress } from "../../src/mirror/git-address.ts";
import { gitWords } from "../../src/mirror/git-words.ts";
import { keptRef, keptVersion } from "../../src/mirror/keep.ts";
import { isRefName, parseUpstreamRefs } from "../../src/mirror/refs.ts";
import { createUpstream } from "../support/upstream.ts";
import { openDesk } from "./desk.ts";

const A = "a".repeat(40);
const B = "b".repeat(40);

describe("the answer of ls-remote", () => {
  it("peels annotated tags, keeps lightweight ones, and passes over what was not asked for", () => {
    const text = [
      "ref: refs/heads/master\tHEAD",
      `${A}\tHEAD`,
      `${B}\trefs/remotes/origin/HEAD`,
      `${B}\trefs/tags/2.0.0+1`,
      `${A}\trefs/tags/2.0.0+1^{}`,
      `${A}\trefs/tags/1.0.0+1`,
      `${B}\trefs/x/refs/tags/9.0.0+1`,
      "",
    ].join("\n");
    expect(parseUpstreamRefs(text)).toEqual({
      refs: {
        defaultBranch: "master",
        head: A,
        tags: [
          { name: "1.0.0+1", object: A, commit: A },
          { name: "2.0.0+1", object: B, commit: A },
        ],
      },
    });
  });

  it("is an answer without a commit where upstream is empty", () => {
    expect(parseUpstreamRefs("")).toEqual({ refs: { defaultBranch: null, head: null, tags: [] } });
  });

  it("knows no branch where HEAD names a commit", () => {
    expect(parseUpstreamRefs(`${A}\tHEAD\n`)).toEqual({ refs: { defaultBranch: null, head: A, tags: [] } });
  });

  it.each([
    ["a refspec for a branch", `ref: refs/heads/x:refs/canonical-sweep/keep/y\tHEAD\n${A}\tHEAD\n`],
    ["a pattern for a tag", `${A}\trefs/tags/*\n`],
    ["a tag that leads out of its folder", `${A}\trefs/tags/../heads/main\n`],
    ["half a line", "abc"],
    ["a page of a web server", "<html>\n"],
  ])("is a problem when it holds %s", (_what, text) => {
    expect(parseUpstreamRefs(text)).toEqual({ problem: expect.any(String) });
  });
});

describe("a version as the name of a ref", () => {
  it("survives the way there and back, and git takes it, for any version", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: "grapheme" }), (version) => {
        const ref = keptRef(version);
        expect(keptVersion(ref)).toBe(version);
        expect(isRefName(ref)).toBe(true);
        expect(ref.slice("refs/canonical-sweep/keep/".length)).not.toMatch(/\//);
      }),
    );
  });

  it("agrees with git on what a ref may be called", () => {
    using desk = openDesk();
    const { git } = createUpstream(`${desk.folder}/x.git`);
    const allowed = (name: string) => {
      try {
        git("check-ref-format", `refs/tags/${name}`);
        return true;
      } catch {
        return false;
      }
    };
    const names = [
      "1.0.0+2",
      "--upload-pack=x",
      "a/b",
      "a..b",
      "a.lock",
      "a.lock/b",
      ".a",
      "a/.b",
      "a.",
      "a b",
    ];
    for (const name of [
      ...names,
      "a~",
      "a^",
      "a:b",
      "a?",
      "a*",
      "a[",
      "a\\b",
      "a@{1}",
      "@",
      "a//b",
      "é",
      "-",
    ])
      expect([name, isRefName(`refs/tags/${name}`)]).toEqual([name, allowed(name)]);
  });
});

describe("credentials in an address", () => {
  it("are taken out of what git gets and are masked in what people see", () => {
    const address = readAddress("https://robot:s%2Fecret@git.example.org/x.git");
    expect(address.url).toBe("https://git.example.org/x.git");
    expect(address.shown).toBe("https://***@git.example.org/x.git");
    expect(address.authorization).toBe(`Basic ${Buffer.from("robot:s/ecret").toString("base64")}`);
    expect(address.secrets).toContain("s/ecret");
  });

  it("are not looked for in an address of ssh", () => {
    expect(readAddress("git@git.example.org:a/b.git")).toMatchObject({
      url: "git@git.example.org:a/b.git",
      authorization: null,
    });
  });

  it("are masked within git's words", () => {
    expect(maskAddress("fatal: unable to access 'https://robot:secret@x.org/y.git/': no")).toBe(
      "fatal: unable to access 'https://***@x.org/y.git/': no",
    );
  });
});

it("git's words begin with the error and name what the server said", () => {
  const stderr = "remote: Not found.\nhint: look\nfatal: repository 'http://x/' not found\n";
  expect(gitWords(stderr)).toBe("fatal: repository 'http://x/' not found (remote: Not found.)");
});
