import { lstatSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import type { ActResult } from "../../../../src/core/act.ts";
import { createDocker } from "../../../../src/docker/docker.ts";
import { exportVolume, importVolume } from "../../../../src/docker/volumes/volumes.ts";
import { DOCKER, helperImage, perlImage } from "../../../support/images.ts";
import { good } from "../../../support/outcome.ts";
import { describeOnSwarm, docker, swarmTools } from "../../../support/swarm.ts";
import { deployWithData, inApp, restoreAll } from "./app-with-data.ts";
import { type HostWitness, plantHostWitness } from "./host-witness.ts";

const RACE_MS = 10_000;
/** How often each act is begun within that, or after it on a slow host. */
const LEAST = 3;
const PAIRS = 40;

/** Exchanges each folder and file with a link beside it, for ever and as fast as the kernel can. */
const SWAP = `my %number = (x64 => 316, arm64 => 276);
chdir "/data" or die;
my @names = map { ("d$_", "f$_") } 0..${PAIRS - 1};
while (1) {
  syscall($number{$ARGV[0]}, -100, $_, -100, "$_-link", 2) for @names;
}`;

describeOnSwarm("an app that swaps folders, files and links as fast as it can", () => {
  it("leads backup, restore, measuring, copying and putting back to nothing of the host, for ten seconds each", {
    timeout: 600_000,
  }, async () => {
    const witness = plantHostWitness();
    const { driver, app, folder, source, step, volume, place } = await deployWithData({
      "backupbot.backup.volumes.data.path": "d0,d1/sub,d2/sub/deep/secret,f0,d3/secret,.",
    });
    plant(witness, (script, ...words) => inApp(app, script, ...words));
    const store = join(folder, "store");
    mkdirSync(store);
    const made = good(await driver.backup(app, source, store, step().step));

    const client = createDocker({
      file: DOCKER,
      context: "default",
      searchPath: swarmTools().searchPath,
      home: folder,
    });
    const use = { docker: client, tools: swarmTools(), helper: helperImage(), labels: {} };
    const copies = join(folder, "copies");
    await exportVolume(use, volume, join(copies, "whole"), step().step);
    const swapper = startSwapper(volume);
    const tally: Record<string, string[]> = {};
    let copied = 0;
    const acts: Readonly<Record<string, () => Promise<unknown>>> = {
      backup: () => outcome(driver.backup(app, source, store, step().step)),
      measure: () => outcome(driver.volumes(app, step().step)),
      // What the driver does to the volume of a stopped app, which another may mount meanwhile.
      copy: () => exportVolume(use, volume, join(copies, String(copied++)), step().step),
      restore: () => outcome(driver.restore(app, source, store, made.id, step().step)),
      "put back": () => importVolume(use, join(copies, "whole"), volume, step().step),
    };
    for (const [name, act] of Object.entries(acts)) {
      const ends: string[] = [];
      tally[name] = ends;
      for (const until = Date.now() + RACE_MS; Date.now() < until || ends.length < LEAST; )
        ends.push(
          await act().then(
            () => "done",
            (error: Error) => error.message,
          ),
        );
      expect(witness.touched(), name).toEqual([]);
      expect(isRunning(swapper), docker("logs", swapper)).toBe(true);
    }
    expect(
      Object.values(tally)
        .flat()
        .filter((end) => /mount namespace/.test(end)),
    ).toEqual([]);
    restoreAll(store, join(folder, "all"));
    expect([...witness.leakedInto(join(folder, "all")), ...witness.leakedInto(copies)]).toEqual([]);
    docker("rm", "--force", swapper);

    good(await driver.restore(app, source, store, made.id, step().step));
    expect(lstatSync(join(place, "d0")).isDirectory()).toBe(true);
    expect(readFileSync(join(place, "d0/sub/deep/secret"), "utf8")).toBe("mine\n");
    expect(witness.touched()).toEqual([]);
    expect(witness.isReadSeen()).toBe(true);
  });
});

/** Folders and files, each with a link beside it that leads to the witness, by different ways. */
function plant(witness: HostWitness, run: (script: string, ...words: string[]) => void): void {
  const ways = [
    witness.folder,
    `../../../../../../../../../../..${witness.folder}`,
    `/proc/self/root${witness.folder}`,
    `/proc/1/root${witness.folder}`,
    "/store",
    "/from",
    "/",
  ];
  const script = `cd /data; at=0
while [ $at -lt ${PAIRS} ]; do
  mkdir -p d$at/sub/deep; for each in d$at d$at/sub d$at/sub/deep; do echo mine >$each/secret; done
  echo mine >f$at; ln -s "$1" d$at-link; ln -s "$1/secret" f$at-link
  way=$1; shift; set -- "$@" "$way"; at=$((at + 1))
done`;
  run(script, ...ways);
}

function startSwapper(volume: string): string {
  const id = docker(
    ...["run", "--detach", "--volume", `${volume}:/data`, perlImage()],
    ...["perl", "-e", SWAP, process.arch],
  );
  onTestFinished(() => {
    if (docker("ps", "--all", "--quiet", "--no-trunc").includes(id)) docker("rm", "--force", id);
  });
  return id;
}

function isRunning(container: string): boolean {
  return docker("inspect", "--format", "{{.State.Running}}", container) === "true";
}

async function outcome<T>(act: Promise<ActResult<T>>): Promise<T> {
  return good(await act);
}
