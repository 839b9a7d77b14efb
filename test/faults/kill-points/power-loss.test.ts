import { closeSync, copyFileSync, fsyncSync, openSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { disksMissing, putDisk } from "./disk.ts";
import { produceAll } from "./produce.ts";
import { advance, failingAdvance, seed } from "./stories.ts";

const LIMIT_MS = 20 * 60_000;
const missing = disksMissing();

/** Each step, the record, the history, and what goes last; the restoring of the data. */
const TELLING =
  /^(rename canonical\/notes\/promotion\.json#\d+ after|rename canonical\/notes\/canonical\.json#1|write canonical\/notes\/history\.jsonl#1 amid|remove (snapshots\/notes|canonical\/notes\/promotion\.json)#1|rename data\/|end warm \.\/undeploy)/;
const isTelling = (at: string) => TELLING.test(at);

describe.skipIf(missing !== null)(
  `a machine that loses power${missing === null ? "" : ` (${missing})`}`,
  {
    timeout: LIMIT_MS,
  },
  () => {
    it("the disk of these tests really loses what was not synced, and keeps what was", () => {
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

    it("during an advance: the old canonical or the new one", async (context) => {
      await produceAll(context, { ...(await advance("idle", { withDisk: true })), isTelling });
    });

    it("during the rollback of a failed advance: the old canonical", async (context) => {
      await produceAll(context, { ...(await failingAdvance("idle", { withDisk: true })), isTelling });
    });

    it("during a seed: nothing, or the canonical", async (context) => {
      await produceAll(context, { ...(await seed("idle", { withDisk: true })), isTelling });
    });

    it("during an advance of a live canonical: its old version or its new one is up again", async (context) => {
      await produceAll(context, { ...(await advance("live", { withDisk: true })), isTelling });
    });
  },
);

function sync(path: string): void {
  const fd = openSync(path, "r");
  fsyncSync(fd);
  closeSync(fd);
}
