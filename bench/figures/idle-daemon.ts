import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { configureUpstream, makeCollection } from "../collection.ts";
import type { Bench, Figure } from "../figure.ts";
import { PROGRAM } from "../program.ts";

const RECIPES = 20;
/** After this long both have done what they do at their start, in milliseconds. */
const SETTLED_MS = 5_000;

/** An ES module, as the program is: Node's loader of those alone takes some 10 MiB. */
const BARE = `import { createServer } from "node:http";
const server = createServer((request, response) => response.end("well\\n"));
server.listen(0, "127.0.0.1", () => console.error("at http://127.0.0.1:" + server.address().port));
`;

/** What the daemon keeps resident while nothing is due, beside a Node HTTP server that does nothing. */
export async function measureIdleDaemon(bench: Bench): Promise<Figure[]> {
  const collection = makeCollection(bench.folder, RECIPES, true);
  configureUpstream(collection, `file://${collection.upstreams}`);
  const file = join(collection.configuration, "sweep.yaml");
  const settings = JSON.parse(readFileSync(file, "utf8")) as object;
  writeFileSync(file, JSON.stringify({ ...settings, listen: "127.0.0.1:0" }));
  const bareServer = join(bench.folder, "bare.mjs");
  writeFileSync(bareServer, BARE);
  const measured: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < bench.rounds; round++) {
    bare.push(await residentMiB([bareServer]));
    measured.push(await residentMiB([PROGRAM, "--config", collection.configuration, "serve"]));
  }
  const reference = { what: "a bare Node HTTP server", values: bare };
  return [{ what: "idle daemon, resident", unit: "MiB", measured, reference, limit: 1.5 }];
}

async function residentMiB(args: readonly string[]): Promise<number> {
  const env = { PATH: "/usr/local/bin:/usr/bin:/bin", HOME: "/nonexistent", LANG: "C" };
  const child = spawn(process.execPath, args, { cwd: "/", env, stdio: ["ignore", "ignore", "pipe"] });
  try {
    const url = await addressOf(child);
    await (await fetch(`${url}/healthz`)).text();
    await wait(SETTLED_MS);
    const kibibytes = /^VmRSS:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1];
    return Number(kibibytes) / 1024;
  } finally {
    if (child.exitCode === null && child.kill("SIGTERM")) await once(child, "close");
  }
}

function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((fulfil, reject) => {
    let said = "";
    child.stderr?.setEncoding("utf8").on("data", (part: string) => {
      said += part;
      const url = /at (http:\/\/[\d.:]+)/.exec(said)?.[1];
      if (url !== undefined) fulfil(url);
    });
    child.on("close", () => reject(new Error(`it did not start:\n${said}`)));
  });
}
