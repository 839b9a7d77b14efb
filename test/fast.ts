import { spawn } from "node:child_process";
import { once } from "node:events";
import { globSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

/**
 * `npm run test:fast`: the files of the project `here` that start nothing big. A file is out where it, or a file below
 * `test/` that it imports, names one of `BIG`; the long games of chance are out too. Words go to vitest.
 */
const ROOT = join(import.meta.dirname, "..");
const BIG = [
  /\bdist\//, // the built program and the built pages
  /\/git-server\.ts"|\/upstream\.ts"|\/gitea\.ts"/, // upstreams and forges
  /\/browser\.ts"/,
  /\/usr\/bin\/docker\b|\bDOCKER_28\b/,
];
const GAMES_OF_CHANCE = /^test\/(fuzz|model)\//;
const ELSEWHERE = /^test\/(docker|lane|swarm|sweep-swarm|faults|abra|sweep-abra|zoo|systemd)\//;

const child = spawn("vitest", ["run", "--project", "here", ...fastFiles(), ...process.argv.slice(2)], {
  stdio: "inherit",
  cwd: ROOT,
});
const [code] = await once(child, "close");
process.exitCode = code ?? 1;

function fastFiles(): string[] {
  return globSync("test/**/*.test.ts", { cwd: ROOT })
    .filter((file) => !ELSEWHERE.test(file) && !GAMES_OF_CHANCE.test(file) && !startsSomethingBig(file))
    .sort();
}

function startsSomethingBig(file: string, seen = new Set<string>()): boolean {
  if (seen.has(file)) return false;
  seen.add(file);
  const text = readFileSync(join(ROOT, file), "utf8");
  return (
    BIG.some((one) => one.test(text)) || importsOf(file, text).some((next) => startsSomethingBig(next, seen))
  );
}

function importsOf(file: string, text: string): string[] {
  return [...text.matchAll(/from "(\.[^"]+\.ts)"/g)]
    .map(([, path = ""]) => relative(ROOT, join(ROOT, dirname(file), path)))
    .filter((path) => path.startsWith("test/"));
}
