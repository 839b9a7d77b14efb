import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { script, test } from "../support/sample-app.ts";
import { answerOf, createWorld, labelsOf, rowOf } from "../support/world.ts";

/** Registers a client with the provider; fails where an old one stands, as real providers do. */
const REGISTER = test(
  "SWEEP_URL=$SWEEP_PROVIDER_URL",
  'if [[ $(ask GET /notes) == *"client of $SWEEP_RECIPE"* ]]; then echo "error: client already exists"; exit 1; fi',
  'ask POST /notes "client of $SWEEP_RECIPE" >/dev/null',
  'echo "IDP_CLIENT_SECRET=a-secret-of-$SWEEP_RECIPE"',
  'echo "IDP_URL=$SWEEP_PROVIDER_URL"',
);
const UNREGISTER = test("SWEEP_URL=$SWEEP_PROVIDER_URL", 'ask PUT /notes "kept by the provider"');
const NEEDS_CREDENTIALS = [
  'echo "connecting with $IDP_CLIENT_SECRET"',
  '[ "$IDP_CLIENT_SECRET" = "a-secret-of-notes" ] || { echo "error: no client secret"; exit 1; }',
].join("\n");
const WITH_CREDENTIALS = {
  "setup/idp": REGISTER,
  "setup/idp-undo": UNREGISTER,
  "before-deploy.sh": NEEDS_CREDENTIALS,
};
const requires = (mode: "live" | "ephemeral") => ({
  requires: [{ recipe: "idp", mode, setup: "setup/idp", teardown: "setup/idp-undo" }],
});

describe("the providers of a recipe", () => {
  it("self-deadlock: a provider that is enrolled and new in the same sweep is tested first, then part of the test", async () => {
    const world = createWorld();
    const idp = world.recipe("idp", { releases: ["1.0.0+1"] });
    const notes = world.recipe("a-notes", {
      settings: { requires: [{ recipe: "idp", mode: "ephemeral", setup: "setup/idp" }] },
      files: {
        "setup/idp": script('echo "IDP_URL=$SWEEP_PROVIDER_URL"'),
        "before-deploy.sh": `SWEEP_URL=$IDP_URL; exec 3<>"/dev/tcp/\${IDP_URL#http://127.0.0.1:}" 2>/dev/null || exec 3<>"/dev/tcp/127.0.0.1/\${IDP_URL##*:}"; printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&3; tail -n 1 <&3 >>${world.root}/providers; echo >>${world.root}/providers`,
      },
      releases: ["1.0.0+1"],
    });
    const first = await world.json("sweep");
    expect(labelsOf(first.document)).toEqual({
      "a-notes": "PASS (promoted 1.0.0+1)",
      idp: "PASS (promoted 1.0.0+1)",
    });
    idp.publish("1.1.0+1");
    notes.publish("1.1.0+1");
    const second = await world.json("sweep");
    expect(labelsOf(second.document)).toEqual({
      "a-notes": "PASS (promoted 1.1.0+1)",
      idp: "PASS (promoted 1.1.0+1)",
    });
    const seen = new Set(readFileSync(join(world.root, "providers"), "utf8").trim().split("\n"));
    expect(seen).toEqual(new Set(["1.0.0+1", "1.1.0+1"]));
    expect(world.processes()).toEqual([]);
  });

  it("provider-credentials: are made in a live provider for the test and for the promotion, undone after each, and written nowhere", async () => {
    const world = createWorld();
    const idp = world.recipe("idp", { settings: { warm: "live" }, releases: ["1.0.0+1"] });
    world.recipe("notes", { settings: requires("live"), files: WITH_CREDENTIALS, releases: ["1.0.0+1"] });
    const { document, stderr } = await world.json("sweep");
    expect(labelsOf(document), stderr).toEqual({
      idp: "PASS (promoted 1.0.0+1)",
      notes: "PASS (promoted 1.0.0+1)",
    });
    expect(idp.notes()).toBe("kept by the provider");
    expect(await answerOf(world, "idp")).toBe("1.0.0+1");
    const install = world.read("runs", document.run, "notes/install.log") ?? "";
    expect(install).toContain("connecting with");
    expect(install).not.toContain("a-secret-of-notes");
    const all = Object.keys(world.files("runs", document.run)).filter(
      (path) => !path.includes("/configuration/"),
    );
    expect(all.length).toBeGreaterThan(5);
    expect(all.filter((path) => readFileSync(path, "utf8").includes("a-secret-of-notes"))).toEqual([]);
  });

  it("provider-credentials: are undone after a red test too, so that the next try starts without them", async () => {
    const world = createWorld();
    const idp = world.recipe("idp", { settings: { warm: "live" }, releases: ["1.0.0+1"] });
    const notes = world.recipe("notes", {
      settings: requires("live"),
      files: { ...WITH_CREDENTIALS, "tests/custom/red": script("exit 1") },
      releases: ["1.0.0+1"],
    });
    for (const _ of [1, 2]) {
      const { document } = await world.json("sweep");
      expect(rowOf(document, "notes").label).toBe("FAIL (red at custom; canonical unchanged: none)");
      expect(idp.notes()).toBe("kept by the provider");
    }
    notes.change({ files: { "tests/custom/red": null } });
    expect(rowOf((await world.json("sweep")).document, "notes").label).toBe("PASS (promoted 1.0.0+1)");
  });

  it("a live provider that is not healthy blocks those that require it; its failure is never their red", async () => {
    const world = createWorld();
    const idp = world.recipe("idp", { settings: { warm: "live" }, releases: ["1.0.0+1"] });
    await world.json("sweep");
    const notes = world.recipe("notes", {
      settings: requires("live"),
      files: WITH_CREDENTIALS,
      releases: ["1.0.0+1"],
    });
    const record = idp.recordText();
    for (const pid of world.processes()) process.kill(pid, "SIGKILL");
    idp.change({ files: { "before-deploy.sh": 'echo "error: no database"; exit 1' } });
    const { document, exit } = await world.json("sweep");
    expect(rowOf(document, "notes").label).toMatch(/^BLOCKED \(requires\b.*\)$/);
    expect(rowOf(document, "notes").detail).toContain("idp");
    expect(rowOf(document, "idp")).toMatchObject({ label: "SKIP no-new-version", needsHuman: true });
    expect(rowOf(document, "idp").warnings?.join()).toMatch(
      /live canonical 1\.0\.0\+1 is down: .*no database/,
    );
    expect(exit).toBe(3);
    expect(idp.recordText()).toBe(record);
    idp.change({ files: { "before-deploy.sh": null } });
    expect(rowOf((await world.json("sweep")).document, "notes").label).toBe("PASS (promoted 1.0.0+1)");
    expect(notes.record()?.version).toBe("1.0.0+1");
  });

  it.each([
    ["whose setup fails", { "setup/idp": script('echo "error: quota exceeded"; exit 1') }, ""],
    ["that does not deploy", {}, 'echo "error: quota exceeded"; exit 1'],
  ])("a provider %s blocks, and is never the dependant's red", async (_, files, beforeDeploy) => {
    const world = createWorld();
    const idp = world.recipe("idp", { releases: ["1.0.0+1"] });
    await world.json("sweep");
    idp.change({ files: { "before-deploy.sh": beforeDeploy } });
    world.recipe("notes", {
      settings: requires("ephemeral"),
      files: { ...WITH_CREDENTIALS, ...files },
      releases: ["1.0.0+1"],
    });
    const { document } = await world.json("sweep");
    expect(rowOf(document, "notes").label).toMatch(/^BLOCKED \(requires: .*quota exceeded/);
    expect(document.honesty).toMatchObject({ failed: 0, blocked: 1 });
    expect(world.processes()).toEqual([]);
  });

  it("a provider without a canonical blocks those that require it", async () => {
    const world = createWorld();
    world.recipe("idp", { releases: ["1.0.0+1"], files: { "tests/custom/red": script("exit 1") } });
    world.recipe("notes", {
      settings: requires("ephemeral"),
      files: WITH_CREDENTIALS,
      releases: ["1.0.0+1"],
    });
    const { document } = await world.json("sweep");
    expect(labelsOf(document)).toEqual({
      idp: "FAIL (red at custom; canonical unchanged: none)",
      notes: "BLOCKED (requires)",
    });
    expect(rowOf(document, "notes").detail).toContain("idp (ephemeral): it has no canonical");
  });
});
