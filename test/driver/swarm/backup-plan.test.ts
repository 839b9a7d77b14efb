import { describe, expect, it } from "vitest";
import { planServiceBackup, wantsBackup } from "../../../src/driver/recipe-files/backup-plan.ts";

const MOUNTS = [
  { volume: "s_data", target: "/data" },
  { volume: "s_db", target: "/data/db" },
];
const partsOf = (labels: Record<string, string>) => planServiceBackup("s_app", "s", labels, MOUNTS);

describe("the labels of a backup", () => {
  it.each([
    [{ "backupbot.backup": "true" }, true],
    [{ "backupbot.backup": "True" }, true],
    [{ "backupbot.backup": "false" }, false],
    [{}, false],
  ])("with %o ask for a backup: %s", (labels: Record<string, string>, wanted) => {
    expect(wantsBackup(labels)).toBe(wanted);
  });

  it("take every volume where they say no more", () => {
    expect(partsOf({}).parts).toEqual([
      { volume: "s_data", path: "." },
      { volume: "s_db", path: "." },
    ]);
  });

  it("may leave a volume out and narrow another to some paths", () => {
    const labels = {
      "backupbot.backup.volumes.db": "false",
      "backupbot.backup.volumes.data.path": "/dump.sql, conf/",
    };
    expect(partsOf(labels).parts).toEqual([
      { volume: "s_data", path: "dump.sql" },
      { volume: "s_data", path: "conf" },
    ]);
  });

  it("may name paths in the container instead: the deepest mount has them", () => {
    const plan = partsOf({ "backupbot.backup.path": "/data/db/x,/data/y,/etc/z" });
    expect(plan.parts).toEqual([
      { volume: "s_db", path: "x" },
      { volume: "s_data", path: "y" },
    ]);
    expect(plan.outside).toEqual(["/etc/z"]);
  });

  it("never lead out of a volume", () => {
    const plan = partsOf({ "backupbot.backup.volumes.data.path": "../../etc,a/../../b" });
    expect(plan.parts.slice(0, 2)).toEqual([
      { volume: "s_data", path: "etc" },
      { volume: "s_data", path: "b" },
    ]);
  });
});
