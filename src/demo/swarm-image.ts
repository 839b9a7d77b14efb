import { dirname, extname, join } from "node:path";
import { ensureFolder, exists, removeTree, writeWhole } from "../state/files.ts";
import type { Programs } from "./command-form.ts";
import type { OwnMachine } from "./own-machine.ts";

/** It is never pushed to a registry, so the node's own image is used. */
export const DEMO_IMAGE = "localhost:5000/canonical-sweep-demo:1";

/** Programs of this machine that copy volumes in a container, for daemons on other machines. */
const COPIED_TOOLS = ["sh", "cp", "tar", "du", "sync", "rm"];

/**
 * Makes the image of the sample app without any registry: this machine's Node, its libraries, the app, and tools that
 * copy volumes. Uses and removes `folder`. Returns the command that starts the app.
 */
export async function makeImage(
  { node, server }: Programs,
  folder: string,
  machine: OwnMachine,
): Promise<string[]> {
  const programs = (await Promise.all(COPIED_TOOLS.map((name) => machine.run("which", [name])))).flat();
  const libraries = (await machine.run("ldd", [node, ...programs])).flatMap(pathIn);
  const archive = `${folder}.tar`;
  try {
    for (const name of ["data", "tmp", "bin", "program/demo"]) ensureFolder(join(folder, name));
    await machine.run("cp", ["-L", "--parents", "--", ...new Set([...programs, ...libraries]), folder]);
    await machine.run("cp", ["-L", "--", node, join(folder, "node")]);
    await copyProgram(server, join(folder, "program"), machine);
    await machine.run("tar", ["-C", folder, "-cf", archive, "."]);
    await machine.run("docker", ["import", archive, DEMO_IMAGE]);
  } finally {
    removeTree(folder);
    removeTree(archive);
  }
  return ["/node", `/program/demo/server${extname(server)}`];
}

// The app and its imports, in the same relative places; the built app has no imports.
async function copyProgram(server: string, into: string, machine: OwnMachine): Promise<void> {
  const source = join(dirname(server), "..");
  const imported = [join(source, "state"), join(source, `fault${extname(server)}`)].filter(exists);
  if (imported.length > 0) await machine.run("cp", ["-r", "--", ...imported, into]);
  await machine.run("cp", ["--", server, join(into, "demo")]);
  writeWhole(join(into, "package.json"), '{ "type": "module" }\n');
}

/** The file in a line of `ldd`. */
function pathIn(line: string): string[] {
  const path = /(?:^|\s)(\/\S+)\s+\(0x/.exec(line)?.[1];
  return path === undefined ? [] : [path];
}
