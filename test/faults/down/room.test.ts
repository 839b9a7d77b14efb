import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { takeRoom } from "../../../src/state/room.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { mountSmallDisk, NO_MOUNT, type SmallDisk } from "../state/small-disk.ts";

function smallDisk(): { folder: string; disk: SmallDisk } {
  const folder = temporaryFolder("room");
  const disk = mountSmallDisk(folder, "size=1m,nr_inodes=200");
  onTestFinished(() => disk.unmount());
  return { folder, disk };
}

describe.skipIf(NO_MOUNT !== null)("room that is taken on a disk", () => {
  it.each(["fill", "useUpInodes"] as const)(
    "lets exactly as many files be replaced as were asked for, after %s",
    (act) => {
      const { folder, disk } = smallDisk();
      const room = takeRoom(folder, 3, 4096);
      disk[act]();
      const path = join(folder, "journal.json");
      for (const step of [1, 2, 3]) {
        room.writeJson(path, { step, more: "x".repeat(step * 1000) });
        expect(JSON.parse(readFileSync(path, "utf8")).step).toBe(step);
      }
      // What was replaced has given its own room back.
      disk[act]();
      expect(() => room.writeJson(path, { step: 4 })).toThrow(/cannot write .*journal\.json/);
      expect(JSON.parse(readFileSync(path, "utf8")).step).toBe(3);
      expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
    },
  );

  it("is not taken in part where there is not enough, and is given back when asked for", () => {
    const { folder, disk } = smallDisk();
    const room = takeRoom(folder, 3, 4096);
    disk.fill();
    expect(() => takeRoom(folder, 3, 4096)).toThrow(/no space left/);
    expect(readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toHaveLength(3);
    room.giveBack();
    expect(readdirSync(folder)).toEqual([".filler"]);
    takeRoom(folder, 3, 4096).giveBack();
  });
});
