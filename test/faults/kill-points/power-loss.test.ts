import { spawnSync } from "node:child_process";
import { closeSync, copyFileSync, fsyncSync, openSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { keptRef } from "../../../src/mirror/keep.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { TEST_GIT_ENVIRONMENT } from "../../support/upstream.ts";
import { report } from "../fault.ts";
import { disksMissing, putDisk } from "./disk.ts";
import { NEW } from "./machine.ts";
import { produceAll } from "./produce.ts";
import { advance, failingAdvance, seed } from "./stories.ts";

const LIMIT_MS = 20 * 60_000;
const missing = disksMissing();

/** Each step, the record, the history, and what goes last; the restoring of the data. */
const TELLING =
  /^(rename canonical\/notes\/promotion\.json#\d+ after|rename canonical\/notes\/canonical\.json#1|write canonical\/notes\/history\.jsonl#1 amid|remove (snapshots\/notes|canonical\/notes\/promotion\.json)#1|rename data\/|end warm \.\/undeploy)/;
const ALL = process.env.FAULTS_DEPTH === "all";
const isTelling = (at: string) => ALL || TELLING.test(at);
/** Of the steps, those between which something is at stake. */
const isAtStake = (at: string) => ALL || (TELLING.test(at) && !/promotion\.json#[1-4] |end warm/.test(at));

describe.skipIf(missing !== null)(
  `a machine that loses power${missing === null ? "" : ` (${missing})`}`,
  {
    timeout: LIMIT_MS,
  },
  () => {
    it("has a disk, in these tests, that loses unsynced data and keeps synced data", () => {
      const place = temporaryFolder("disk");
      const folder = join(place, "mounted");
      const disk = putDisk(folder, place);
      onTestFinished(() => disk.remove());
      writeFileSync(join(folder, "synced"), "first");
      sync(join(folder, "synced"));
      sync(folder);
      writeFileSync(join(folder, "synced"), "second, which nobody synced");
      writeFileSync(join(folder, "not-synced"), "lost");
      copyFileSync(disk.image, disk.copy);
      expect(readdirSync(folder)).toEqual(["not-synced", "synced"]);
      disk.goOnWithCopy();
      expect(readdirSync(folder)).toEqual(["synced"]);
    });

    it("after a promotion still has the commit of the canonical in the mirror", async (context) => {
      const { machine } = await advance("idle", { diskAt: "mirrors" });
      const { upstream } = machine.notes;
      const [objects, refs] = [upstream.git("rev-list", "--objects", NEW), upstream.refs()];
      const at = "remove canonical/notes/promotion.json#1 before";
      const { signal, stderr } = await machine.run(["run", "notes", "--json"], { window: "canonical/", at });
      expect(signal, stderr).toBe("SIGKILL");
      const mirror = join(machine.world.state, "mirrors/notes.git");
      const ids = objects.split("\n").map((line) => line.split(" ")[0] ?? "");
      const lost = [keptRef(NEW), ...ids].filter((name) => !isReadable(mirror, name));
      report(context, {
        kind: "power loss",
        name: "advance, idle: the disk of the mirrors, after canonical.json is replaced",
        outcome: "the commit of the canonical is kept, with all of its files",
        lost,
        touched: [...refs].filter(([name, id]) => upstream.refs().get(name) !== id).map(([name]) => name),
      });
    });

    it("during an advance has the old canonical or the new one", async (context) => {
      await produceAll(context, { ...(await advance("idle", { diskAt: "" })), isTelling });
    });

    it("during the rollback of a failed advance has the old canonical", async (context) => {
      await produceAll(context, { ...(await failingAdvance("idle", { diskAt: "" })), isTelling });
    });

    it("during a seed has nothing, or the canonical", async (context) => {
      await produceAll(context, { ...(await seed("idle", { diskAt: "" })), isTelling: isAtStake });
    });

    it("during an advance of a live canonical has the old version or the new one up again", async (context) => {
      await produceAll(context, { ...(await advance("live", { diskAt: "" })), isTelling: isAtStake });
    });
  },
);

function sync(path: string): void {
  const fd = openSync(path, "r");
  fsyncSync(fd);
  closeSync(fd);
}

function isReadable(repository: string, name: string): boolean {
  const options = { env: TEST_GIT_ENVIRONMENT, stdio: "ignore" } as const;
  return spawnSync("git", ["--git-dir", repository, "cat-file", "-p", name], options).status === 0;
}
