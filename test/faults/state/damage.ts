import { hash } from "node:crypto";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";

/** Ways in which a state file is no longer what it was. */
export const DAMAGES = {
  "is empty": (path) => writeFileSync(path, ""),
  "is cut short in the middle": (path) => writeFileSync(path, half(readFileSync(path))),
  "is random bytes": (path) => writeFileSync(path, noise(path)),
  "is NUL bytes, as after a power loss": (path) => writeFileSync(path, Buffer.alloc(lengthOf(path))),
  "has a newer schema": (path) => writeFileSync(path, JSON.stringify({ schema: 99, recipe: "notes" })),
  "is JSON of another shape": (path) => writeFileSync(path, '[{"another": "shape"}]\n'),
  "is a folder": (path) => {
    rmSync(path, { recursive: true, force: true });
    mkdirSync(path);
    writeFileSync(join(path, "mine"), "an operator put this here\n");
  },
  "is a link that leads nowhere": (path) => {
    rmSync(path, { recursive: true, force: true });
    symlinkSync(join(dirname(path), "nowhere"), path);
  },
  "may not be read": (path) => chmodSync(path, 0),
} as const satisfies Record<string, (path: string) => void>;
export type Damage = keyof typeof DAMAGES;

/** Everything at these paths and below, by path: kind, mode and content, or where a link leads. */
export function inspect(...paths: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const path of paths) look(path, found);
  return found;
}

/** What was there before and is not there any more as it was. */
export function lostSince(before: ReadonlyMap<string, string>): string[] {
  return [...before].filter(([path, was]) => inspect(path).get(path) !== was).map(([path]) => path);
}

function look(path: string, found: Map<string, string>): void {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return;
  const mode = (stat.mode & 0o777).toString(8);
  if (stat.isSymbolicLink()) found.set(path, `link to ${readlinkSync(path)}`);
  else if (stat.isFile()) found.set(path, `file ${mode} ${digest(path)}`);
  else if (stat.isDirectory()) {
    found.set(path, `folder ${mode}`);
    for (const name of readdirSync(path)) look(join(path, name), found);
  }
}

function digest(path: string): string {
  try {
    return hash("sha256", readFileSync(path));
  } catch {
    return "may not be read";
  }
}

function lengthOf(path: string): number {
  return lstatSync(path, { throwIfNoEntry: false })?.size ?? 64;
}

function half(bytes: Buffer): Buffer {
  return bytes.subarray(0, Math.floor(bytes.length / 2));
}

// The same bytes each time; the first of them begins no JSON and no UTF-8.
function noise(path: string): Buffer {
  const seed = path.split("/").at(-1) ?? "";
  const blocks = [1, 2, 3, 4, 5].map((block) => Buffer.from(hash("sha512", `${seed} ${block}`), "hex"));
  return Buffer.concat([Buffer.from([0xff, 0x00]), ...blocks]);
}
