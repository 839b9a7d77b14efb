import { execFileSync } from "node:child_process";
import { lstatSync, mkdirSync, readFileSync, readlinkSync } from "node:fs";
import { join, relative } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { good } from "../../../support/outcome.ts";
import { describeOnSwarm, docker } from "../../../support/swarm.ts";
import { bytesOf, startOperator } from "../../swarm/operator.ts";
import { deployWithData, inApp, restoreAll } from "./app-with-data.ts";
import { plantHostWitness } from "./host-witness.ts";

/** Names of links in a volume, and where each leads: `W` is the witness of the host, `V` a volume of somebody else. */
const LINKS: Readonly<Record<string, string>> = {
  absolute: "W",
  upwards: "../../../../../../../../../../../../..W",
  chain: "chain2",
  chain2: "chain3",
  chain3: "W/sub/..",
  "deep/in/a/folder": "W",
  "through-proc": "/proc/self/rootW",
  "through-init": "/proc/1/rootW",
  "through-a-mount": "/dev/shm/../..W",
  "with blanks 'and' \"quotes\"": "W",
  "other-volume": "V",
  "volumes-of-all": "../..",
  "own-store": "/store",
  "root-of-all": "/",
  itself: "itself",
  nowhere: "W/new",
};
/** What a label names through each of them. */
const BEHIND: Readonly<Record<string, string>> = { "own-store": "password", "root-of-all": "etc/hostname" };

const KEPT = ["ok", "file", "folder", "folders"];

describeOnSwarm("links that an app plants in its volume", () => {
  it("lead backup, restore, measuring, snapshot and putting back to nothing of the host", async () => {
    const operator = await startOperator();
    onTestFinished(() => operator.close());
    const witness = plantHostWitness();
    const other = docker("volume", "inspect", "--format", "{{.Mountpoint}}", `${operator.word}-witness`);
    const behind = Object.keys(LINKS).map((link) => `${link}/${BEHIND[link] ?? "secret"}`);
    const { driver, app, folder, source, step, volume, place } = await deployWithData({
      "backupbot.backup.volumes.data.path": [...KEPT, ...behind, "other-volume/word"].join(","),
      "backupbot.restore.pre-hook": "sh /data/swap",
    });
    inApp(
      app,
      "mkdir -p /data/folders/a/b /data/folder; for each in ok file folder/secret folders/a/b/secret; do echo mine >/data/$each; done",
    );
    for (const [name, target] of Object.entries(LINKS))
      inApp(
        app,
        'mkdir -p "$(dirname "/data/$1")"; ln -s "$2" "/data/$1"',
        name,
        target.replace("W", witness.folder).replace("V", other),
      );

    const store = join(folder, "store");
    mkdirSync(store);
    const backup = step();
    const made = good(await driver.backup(app, source, store, backup.step));
    expect(made).toMatchObject({ files: 4, bytes: 20 });
    const absent = backup.warnings.filter((line) => line.includes("does not exist in the volume"));
    expect(absent.length).toBe(behind.length + 1);
    for (const path of behind) expect(absent.join("\n")).toContain(`${volume}/${path} does not exist`);
    const restored = join(folder, "all");
    restoreAll(store, restored);
    expect(witness.leakedInto(restored)).toEqual([]);
    expect(good(await driver.volumes(app, step().step))).toMatchObject([{ name: volume, bytes: 20 }]);

    const swap = [
      `rm /data/file; ln -s ${witness.folder}/secret /data/file`,
      `rm -r /data/folder; ln -s ${witness.folder} /data/folder`,
      `rm /data/folders/a/b/secret; ln -s ${relative(join(place, "folders/a/b"), witness.folder)}/sub/secret /data/folders/a/b/secret`,
      "rm /data/ok; ln -s itself /data/ok",
    ];
    inApp(app, 'echo "$1" >/data/swap', swap.join("\n"));
    good(await driver.restore(app, source, store, made.id, step().step));
    for (const path of ["ok", "file", "folder/secret", "folders/a/b/secret"]) {
      expect(lstatSync(join(place, path)).isFile(), path).toBe(true);
      expect(readFileSync(join(place, path), "utf8")).toBe("mine\n");
    }
    expect(lstatSync(join(place, "folder")).isDirectory()).toBe(true);

    good(await driver.undeploy(app, source, step().step));
    const before = bytesOf(volume);
    const snapshot = join(folder, "snapshot");
    good(await driver.snapshot(app, snapshot, step().step));
    expect(witness.leakedInto(snapshot)).toEqual([]);
    execFileSync("/bin/sh", [
      "-c",
      'rm -r "$1/folder" && ln -s "$2" "$1/folder" && ln -s "$2" "$1/more"',
      "sh",
      place,
      witness.folder,
    ]);
    good(await driver.restoreSnapshot(app, snapshot, step().step));
    expect(bytesOf(volume)).toBe(before);
    for (const [name, target] of Object.entries(LINKS))
      expect(readlinkSync(join(place, name))).toBe(target.replace("W", witness.folder).replace("V", other));
    good(await driver.volumes(app, step().step));
    expect([...witness.touched(), ...operator.touched()]).toEqual([]);
    expect(witness.isReadSeen()).toBe(true);
  });

  // What else an app may put where a file or a folder of its backup belongs, and what the volume then has.
  it("in the place of what a restore brings back are replaced, whatever they are and wherever they stand", async () => {
    const witness = plantHostWitness();
    const to = witness.folder;
    const swaps: Readonly<Record<string, string>> = {
      "to-file": `ln -s ${to}/secret $at`,
      "to-file-upwards": `ln -s ../../../../../../../../../../..${to}/secret $at`,
      "to-chain": `ln -s ${to}/sub/secret $at-2; ln -s $at-2 $at`,
      "to-new-file": `ln -s ${to}/new $at`,
      "to-proc": `ln -s /proc/self/root${to}/secret $at`,
      "to-parent": `rm -r $(dirname $at); ln -s ${to} $(dirname $at)`,
      "to-grandparent": `rm -r $(dirname $(dirname $at)); ln -s ${to}/sub $(dirname $(dirname $at))`,
      "to-itself": "ln -s $at $at",
      "to-fifo": "mkfifo $at",
      "to-other-file": "ln /data/others $at",
      "to-folder": `mkdir $at; ln -s ${to} $at/link; echo x >$at/file`,
      "to-the-tools": "rm -r $(dirname $at); ln -s /usr $(dirname $at)",
      "to-the-backup": "rm -r $(dirname $at); ln -s /from $(dirname $at)",
    };
    const { driver, app, folder, source, step, place } = await deployWithData({
      "backupbot.backup.volumes.data.path": Object.keys(swaps).join(","),
      "backupbot.restore.pre-hook": "sh /data/swap",
    });
    const script = Object.entries(swaps).map(
      ([name, code]) => `at=/data/${name}/deep/secret; rm $at; ${code}`,
    );
    inApp(app, 'echo theirs >/data/others; echo "$1" >/data/swap', script.join("\n"));
    for (const name of Object.keys(swaps))
      inApp(app, 'mkdir -p "/data/$1/deep"; echo mine >"/data/$1/deep/secret"', name);
    const store = join(folder, "store");
    mkdirSync(store);
    const made = good(await driver.backup(app, source, store, step().step));
    good(await driver.restore(app, source, store, made.id, step().step));
    const found = Object.keys(swaps).map((name) => {
      const path = join(place, name, "deep/secret");
      const folders = [join(place, name), join(place, name, "deep")];
      const isOwn = folders.every((at) => lstatSync(at).isDirectory()) && lstatSync(path).isFile();
      return [name, isOwn ? readFileSync(path, "utf8") : "a link"];
    });
    expect(found).toEqual(Object.keys(swaps).map((name) => [name, "mine\n"]));
    expect(readFileSync(join(place, "others"), "utf8")).toBe("theirs\n");
    expect(witness.touched()).toEqual([]);
    expect(witness.isReadSeen()).toBe(true);
  });
});
