import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Gitea, giteaMissing, startGitea } from "../support/gitea.ts";
import { script } from "../support/sample-app.ts";
import { createWorld, labelsOf } from "../support/world.ts";

interface Issue {
  number: number;
  title: string;
  body: string;
  state: string;
  comments: number;
}

const missing = giteaMissing();
const RED = { "tests/custom/works": script('echo "error: @admin, nobody answers"; exit 1') };

describe.skipIf(missing !== null)(
  `the issue of a recipe that needs its maintainer, on a real Gitea${missing ? ` (skipped: ${missing})` : ""}`,
  () => {
    let gitea: Gitea;
    beforeAll(async () => {
      gitea = startGitea();
      await gitea.api("POST", "orgs", { username: "recipes" });
    });
    afterAll(() => gitea?.close());

    async function worldWith(...recipes: string[]) {
      for (const name of recipes) await gitea.api("POST", "orgs/recipes/repos", { name });
      const forge = { kind: "gitea", url: gitea.url, tokenFile: gitea.tokenFile, issues: true };
      return createWorld({ mirror: { url: `${gitea.url}/recipes/{recipe}.git`, forge } });
    }
    const issuesOf = (recipe: string) =>
      gitea.api<Issue[]>("GET", `repos/recipes/${recipe}/issues?state=all&type=issues`);
    const commentsOf = (recipe: string, number: number) =>
      gitea.api<{ body: string }[]>("GET", `repos/recipes/${recipe}/issues/${number}/comments`);

    it("is opened at the first red, edited in place, and closed when a release is green", async () => {
      const world = await worldWith("notes");
      const notes = world.recipe("notes", { releases: ["1.0.0+1"], files: RED });
      await world.call("sweep");
      const [opened] = await issuesOf("notes");
      expect(opened).toMatchObject({ title: "notes 1.0.0+1 is red", state: "open" });
      expect(opened?.body).toContain("`FAIL (red at custom; canonical unchanged: none)`");
      expect(opened?.body).toContain("nobody answers");
      expect(opened?.body).toContain(world.report().run);

      await world.call("sweep");
      const again = await issuesOf("notes");
      expect(again.map((issue) => issue.number)).toEqual([opened?.number]);
      expect(again[0]?.body).toContain(world.report().run);
      expect(again[0]?.comments).toBe(0);

      notes.change({ files: { "tests/custom/works": script("exit 0") } });
      await world.call("sweep");
      const [closed] = await issuesOf("notes");
      expect(closed).toMatchObject({ number: opened?.number, state: "closed", comments: 1 });
      expect((await commentsOf("notes", closed?.number ?? 0))[0]?.body).toContain("PASS (promoted 1.0.0+1)");
      await world.call("sweep");
      expect((await issuesOf("notes"))[0]).toMatchObject({ comments: 1 });
    });

    it("stays closed where a person closed it, until another release is red", async () => {
      const world = await worldWith("wiki");
      const wiki = world.recipe("wiki", { releases: ["1.0.0+1"], files: RED });
      await world.call("sweep");
      const [opened] = await issuesOf("wiki");
      const path = `repos/recipes/wiki/issues/${opened?.number}`;
      await gitea.api("PATCH", path, { state: "closed" });
      await world.call("sweep");
      expect(await gitea.api<Issue>("GET", path)).toMatchObject({ state: "closed", body: opened?.body });
      wiki.publish("1.1.0+1");
      await world.call("sweep");
      expect(await issuesOf("wiki")).toMatchObject([
        { number: opened?.number, state: "open", title: "wiki 1.1.0+1 is red" },
      ]);
    });

    it("leaves every issue of others alone, and a forge that refuses changes no label and no exit code", async () => {
      const world = await worldWith("plain", "closed");
      const theirs = { title: "plain 1.0.0+1 is red", body: "not the program's\n" };
      await gitea.api("POST", "repos/recipes/plain/issues", theirs);
      await gitea.api("PATCH", "repos/recipes/closed", { has_issues: false });
      world.recipe("plain", { releases: ["1.0.0+1"] });
      world.recipe("closed", { releases: ["1.0.0+1"], files: RED });
      const { document, exit } = await world.json("sweep");
      expect(labelsOf(document)).toEqual({
        plain: "PASS (promoted 1.0.0+1)",
        closed: "FAIL (red at custom; canonical unchanged: none)",
      });
      expect(exit).toBe(3);
      expect(await issuesOf("plain")).toMatchObject([{ ...theirs, state: "open", comments: 0 }]);
      const journal = world.read("runs", document.run, "journal.jsonl") ?? "";
      expect(journal).toContain("the issue of closed was not kept");
      expect(journal).not.toContain(gitea.token);
    });
  },
);
