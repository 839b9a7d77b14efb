import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

const TRIES = 200;

/** Unmounts what is mounted at a place, within ten seconds; else the fault of `umount` is thrown. */
export function unmount(place: string): void {
  onceFree(() => unmountNow(place));
}

/** Unmounts all that is mounted below a folder, as `unmount` does. */
export function unmountBelow(folder: string): void {
  onceFree(() => {
    for (const place of innermostFirst(folder)) unmountNow(place);
  });
}

// A process that was ended may hold its files for a while longer: one that is a zombie already may still have
// threads that run, and on a busy machine they are late.
function onceFree(act: () => void): void {
  for (let tries = TRIES; ; tries -= 1) {
    try {
      act();
      return;
    } catch (error) {
      if (tries === 0) throw error;
      execFileSync("sleep", ["0.05"]);
    }
  }
}

function innermostFirst(folder: string): string[] {
  const places = readFileSync("/proc/self/mounts", "utf8")
    .split("\n")
    .map((line) => line.split(" ")[1] ?? "");
  return places.filter((place) => place.startsWith(`${folder}/`)).reverse();
}

function unmountNow(place: string): void {
  execFileSync("umount", [place], { stdio: ["ignore", "ignore", "pipe"] });
}
