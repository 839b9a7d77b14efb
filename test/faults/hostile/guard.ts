import { hash } from "node:crypto";
import { lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What the program may neither lose (what it has proven) nor touch (what is not its own). */
export interface Guarded {
  proven: readonly string[];
  foreign: readonly string[];
}

/** Remembers every file below these folders as it is now; `damage` says what is no longer so. */
export function guard({ proven, foreign }: Guarded): () => { lost: string[]; touched: string[] } {
  const before = { proven: snapshot(proven), foreign: snapshot(foreign) };
  return () => ({
    lost: differences(before.proven, snapshot(proven)),
    touched: differences(before.foreign, snapshot(foreign)),
  });
}

/** The operator's own files beside the state folder: what hostile input tries to read, write or remove. */
export function plantWitness(root: string): string {
  const folder = join(root, "witness");
  mkdirSync(join(folder, "sub"), { recursive: true });
  writeFileSync(join(folder, "secret"), "CANARY_OF_THE_HOST=canary-of-the-host\n", { mode: 0o600 });
  writeFileSync(join(folder, "compose.yml"), "services: {host: {image: canary-of-the-host}}\n");
  writeFileSync(join(folder, "sub/file"), "as it was\n");
  return folder;
}

function snapshot(folders: readonly string[]): Map<string, string> {
  return new Map(folders.flatMap((folder) => entriesBelow(folder)));
}

function entriesBelow(path: string): [string, string][] {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return [];
  const mode = stat.mode.toString(8);
  if (stat.isSymbolicLink()) return [[path, `${mode} ${readlinkSync(path)}`]];
  if (!stat.isDirectory()) return [[path, `${mode} ${hash("sha256", readFileSync(path))}`]];
  return [[path, mode], ...readdirSync(path).flatMap((name) => entriesBelow(join(path, name)))];
}

function differences(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  const all = new Set([...before.keys(), ...after.keys()]);
  return [...all].filter((path) => before.get(path) !== after.get(path));
}
