import { type ChildProcess, spawn } from "node:child_process";
import { availableParallelism } from "node:os";

/** Somebody else who computes on this host, on every processor, until ended. */
export interface Neighbour {
  end(): void;
}

const BURN =
  "const parent = process.ppid; while (process.ppid === parent) for (let i = 0; i < 5e7; i++) Math.sqrt(i);";

/** Starts so many processes for each processor; each has a session of its own, as other services have. */
export function startNeighbour(perProcessor: number): Neighbour {
  const count = perProcessor * availableParallelism();
  const children: ChildProcess[] = Array.from({ length: count }, () =>
    spawn(process.execPath, ["--eval", BURN], { stdio: "ignore", detached: true }),
  );
  return {
    end: () => {
      for (const child of children) child.kill("SIGKILL");
    },
  };
}
