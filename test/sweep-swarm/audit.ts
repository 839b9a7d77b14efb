import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import type { AuditReport } from "../../src/audit/audit.ts";
import type { DoctorReport } from "../../src/doctor/doctor.ts";
import { busyboxImage } from "../support/images.ts";
import { describeOnSwarm, docker } from "../support/swarm.ts";
import { openWorld, type SwarmWorld } from "./world.ts";
import type { SwarmRecipe } from "./world-recipe.ts";

/** Most of it is waiting for the lane. */
const LIMIT_MS = 1_800_000;

/** What an audit finds of a canonical on a real swarm, and what a doctor finds of that swarm, through one driver. */
export function describeAudit(driver: "swarm" | "abra"): void {
  describeOnSwarm(`an audit of a canonical on a swarm, driver ${driver}`, () => {
    let world: SwarmWorld;
    let notes: SwarmRecipe;
    let volume = "";
    let secret = "";
    let foreign = "";

    // Another state folder makes something on the lane while the recipe is tested, as if nothing kept the two apart.
    beforeAll(async () => {
      world = await openWorld(driver);
      foreign = `other_${world.domain.replaceAll(".", "_")}_key`;
      notes = world.recipe("notes", { releases: ["1.0.0+1"] });
      const sweep = world.start("--json", "sweep");
      await vi.waitUntil(() => newestJournal().includes('"tier-began"'), { timeout: 120_000, interval: 50 });
      const labels = [
        "--label",
        "canonical-sweep.state=00000000000000aa",
        "--label",
        "canonical-sweep.run=R",
      ];
      docker("secret", "create", ...labels, foreign, "/etc/hostname");
      const { exit, stderr, stdout } = await sweep.end;
      expect(exit, stdout + stderr).toBe(0);
      volume = notes.record()?.volumes?.[0]?.name ?? "";
      secret = notes.record()?.secrets?.[0] ?? "";
    }, LIMIT_MS);

    afterAll(() => world?.close(), LIMIT_MS);

    function newestJournal(): string {
      const runs = join(world.state, "runs");
      const newest = existsSync(runs) ? (readdirSync(runs).sort().at(-1) ?? "") : "";
      return world.read("runs", newest, "journal.jsonl") ?? "";
    }

    async function audit(): Promise<{ exit: number | null; found: string[]; document: AuditReport }> {
      const { document, exit } = await world.json<AuditReport>("audit");
      const found = document.findings.map(({ rule, kind, recipe }) =>
        `${kind}: ${rule} ${recipe ?? ""}`.trim(),
      );
      return { exit, found: [...new Set(found)].sort(), document };
    }

    it("tainted-canonical: finds what another state folder made on the lane while the recipe was tested", async () => {
      const { document, found } = await audit();
      expect(found, JSON.stringify(document.findings)).toEqual(["does-not-hold: run-alone notes"]);
      expect(document.findings[0]?.evidence).toContain(`made the secret ${foreign}`);
      docker("secret", "rm", foreign);
    });

    it("finds nothing where nobody else was at work", async () => {
      const { document, exit, found } = await audit();
      expect(found, JSON.stringify(document.findings)).toEqual([]);
      expect(exit).toBe(0);
      expect(notes.record()?.kept).toEqual({
        env: true,
        secrets: expect.arrayContaining([expect.any(String)]),
      });
    });

    it("finds a foreign container that mounts a volume of an idle canonical, and a stack that was left", async () => {
      const name = `user_${notes.stack}`;
      docker("create", "--name", name, "--volume", `${volume}:/v`, busyboxImage(), "true");
      const owner = world.read("id")?.trim() ?? "";
      const left = `cold-x_${world.domain.replaceAll(".", "_")}`;
      const labels = { state: owner, run: "r", recipe: "notes", instance: "cold", stack: left };
      const options = Object.entries(labels).flatMap(([key, value]) => [
        "--label",
        `canonical-sweep.${key}=${value}`,
      ]);
      docker("volume", "create", ...options, `${left}_data`);
      try {
        const { document, exit, found } = await audit();
        // Through abra nothing is ours that its ledger does not have.
        const residue = driver === "abra" ? [] : [`volume ${left}_data`];
        expect(document.findings.map(({ rule, evidence }) => [rule, evidence])).toEqual([
          ["idle-not-mounted", `the container ${name} mounts the volume ${volume}`],
          ...residue.map((line) => ["no-residue", line]),
        ]);
        expect(found).toHaveLength(1 + residue.length);
        expect(exit).toBe(3);
      } finally {
        docker("rm", name);
        docker("volume", "rm", `${left}_data`);
      }
    });

    it("finds a secret and a volume that are gone, and those that somebody made in their place", async () => {
      docker("secret", "rm", secret);
      docker("volume", "rm", volume);
      const gone = await audit();
      expect(gone.found).toEqual(["does-not-hold: data-exists notes", "does-not-hold: secrets-exist notes"]);
      docker("secret", "create", secret, "/etc/hostname");
      docker("volume", "create", volume);
      const swapped = await audit();
      expect(swapped.found).toEqual([
        "does-not-hold: data-exists notes",
        "does-not-hold: data-unchanged notes",
        // abra's secrets carry no label: a name in the ledger is all that is known of them.
        ...(driver === "abra" ? [] : ["does-not-hold: secrets-exist notes"]),
      ]);
      expect(JSON.stringify(swapped.document.findings)).toContain("somebody else made it");
    });

    it("and the doctor find the daemon, the swarm, the network and the edge fit", async () => {
      const { document } = await world.json<DoctorReport>("doctor");
      const faults = document.checks.filter(({ isNeeded, result }) => isNeeded && result !== "ok");
      expect(faults).toEqual([]);
      const names = document.checks.map(({ name }) => name);
      expect(names).toEqual(expect.arrayContaining(["docker daemon", "swarm", "network proxy", "edge"]));
    });

    it("names each unchecked promise where Docker gives no answer", async () => {
      world.configure({ lanes: [{ name: "main", server: "default", context: "nowhere" }] });
      const { exit, found } = await audit();
      expect(found).toEqual([
        "not-checked: data-exists notes",
        "not-checked: no-residue",
        "not-checked: run-alone notes",
      ]);
      expect(exit).toBe(3);
    });
  });
}
