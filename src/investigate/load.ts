import { join } from "node:path";
import { deadlineIn } from "../command/deadline.ts";
import { Environment } from "../command/environment.ts";
import { runCommand } from "../command/run.ts";
import type { Run } from "../run/run.ts";
import { ensureFolder, removeTree } from "../state/files.ts";

/** The load ends by itself after this time, in milliseconds. */
const LONGEST_MS = 60 * 60_000;
/** MiB of the file that a writer rewrites again and again, and so of disk used. */
const FILE_MIB = 64;
/** MiB written in all by a writer. */
const WRITTEN_MIB = 2048;

/** A running load. */
export interface Load {
  workers: number;
  /** Ends it, and returns how much it wrote. */
  end(): Promise<{ writtenBytes: number }>;
}

/**
 * Puts a bounded load on the processors (`workers` processes) and on the disk (one writer, in the run's scratch). It
 * has a slightly lower priority than the app, and ends with `end`, at its limit, and when this program is gone.
 */
export async function putLoad(run: Run, workers: number): Promise<Load> {
  const { clock, signal } = run.context;
  const folder = join(run.scratch, "load");
  ensureFolder(folder, 0o700);
  const stop = new AbortController();
  const start = (name: string, source: string) =>
    runCommand(
      {
        file: process.execPath,
        args: ["--input-type=module", "--eval", `${PREAMBLE}${source}`],
        cwd: folder,
        env: Environment.of("load", { run: run.id, load: name, folder, parent: String(process.pid) }),
        deadline: deadlineIn(clock, "the limit of a load", LONGEST_MS),
        signal: AbortSignal.any([signal, stop.signal]),
        mark: `SWEEP_LOAD=${name}`,
      },
      clock,
    );
  const names = Array.from({ length: workers }, (_, index) => `${run.id}/${index}`);
  const running = [...names.map((name) => start(name, BURN)), start(`${run.id}/disk`, WRITE)];
  return {
    workers,
    end: async () => {
      stop.abort("done");
      const ends = await Promise.all(running);
      removeTree(folder);
      const said = ends.flatMap(({ stdout }) => [...stdout.matchAll(/^written (\d+)$/gm)]).at(-1);
      return { writtenBytes: Number(said?.[1] ?? 0) };
    },
  };
}

const PREAMBLE = `import { setPriority } from "node:os";
setPriority(0, 5);
const parent = Number(process.env.PARENT);
const orphaned = () => process.ppid !== parent;
`;

const BURN = `while (!orphaned()) for (let i = 0; i < 5e7; i++) Math.sqrt(i);`;

const WRITE = `import { closeSync, fsyncSync, openSync, writeSync } from "node:fs";
const block = Buffer.alloc(1 << 20, "load");
const file = openSync("written", "w");
for (let mib = 0; mib < ${WRITTEN_MIB} && !orphaned(); mib++) {
  writeSync(file, block, 0, block.length, (mib % ${FILE_MIB}) << 20);
  fsyncSync(file);
  if (mib % 16 === 0) console.log("written " + ((mib + 1) << 20));
}
closeSync(file);
`;
