import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";

/** `npm run check`: types, lint and unused code, side by side; each prints all that it says once it has ended. */
const codes = await Promise.all(["types", "lint", "unused"].map(check));
process.exitCode = codes.every((code) => code === 0) ? 0 : 1;

async function check(script: string): Promise<number> {
  const child = spawn("npm", ["run", "--silent", script], { stdio: ["ignore", "pipe", "pipe"] });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close") as Promise<[number | null]>,
  ]);
  process.stdout.write(`== ${script}: ${code === 0 ? "ok" : "failed"}\n${stdout}${stderr}`);
  return code ?? 1;
}
