import child_process from "node:child_process";
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";

/**
 * Where the program is stopped, by what can be seen of it from the outside: a file of the state folder that it
 * replaces or removes, or a child that it starts. The program itself knows nothing of it: this module is loaded
 * before it by `node --import`.
 */
export interface StopPoint {
  /** `within` a removal: when `first`, a part of what is removed, has gone. */
  when: "before" | "within" | "after";
  act: "replace" | "remove" | "start";
  /** The end of the file's path; with `start`: a part of the child's argv. */
  what: string;
  /** What a replaced file must say from then on. */
  saying?: string;
  first?: string;
  /** The step that promotion.json must have come to before. */
  since?: string;
  /** `SIGSTOP` holds the program at this point until it gets `SIGCONT`. */
  signal: "SIGKILL" | "SIGSTOP";
}

/** The variable that names the point to this module. */
export const STOP_POINT = "SWEEP_TEST_STOP_POINT";

const given = process.env[STOP_POINT];
if (given !== undefined) stopAt(JSON.parse(given) as StopPoint);

function stopAt(point: StopPoint): void {
  const { renameSync: replaceFile, rmSync: removeTree } = fs;
  // Every way to start a child ends here; it stands in no types.
  const children = child_process.ChildProcess.prototype as unknown as {
    spawn(options: { args?: string[] }): number;
  };
  const startChild = children.spawn;
  let isReached = false;
  let isOpen = point.since === undefined;
  const around = <T>(isIt: boolean, act: () => T): T => {
    if (!isIt || !isOpen || isReached) return act();
    isReached = true;
    if (point.when === "before") process.kill(process.pid, point.signal);
    const result = act();
    if (point.when === "after") process.kill(process.pid, point.signal);
    return result;
  };
  fs.renameSync = (from, to) => {
    const isIt = point.act === "replace" && isAt(String(to)) && says(String(from), point.saying);
    around(isIt, () => replaceFile(from, to));
    isOpen ||= String(to).endsWith("/promotion.json") && says(String(to), `"step": "${point.since}"`);
  };
  fs.rmSync = (path, options) => {
    const isIt = point.act === "remove" && isAt(String(path)) && fs.existsSync(path);
    if (isIt && point.when === "within") {
      removeTree(join(String(path), point.first ?? ""), { recursive: true });
      process.kill(process.pid, point.signal);
    }
    around(isIt, () => removeTree(path, options));
  };
  children.spawn = function (options) {
    const isIt = point.act === "start" && (options.args ?? []).join(" ").includes(point.what);
    return around(isIt, () => startChild.call(this, options));
  };
  syncBuiltinESMExports();

  function isAt(path: string): boolean {
    return path.endsWith(`/${point.what}`);
  }
  function says(file: string, text: string | undefined): boolean {
    return text === undefined || fs.readFileSync(file, "utf8").includes(text);
  }
}
