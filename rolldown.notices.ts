import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "rolldown";

const IN_A_PACKAGE = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//;
const LICENCE = /^(licen[cs]e|copying|notice)/i;

/**
 * Writes the licences of all packages whose code is in the bundles into a file. A package without a licence text fails
 * the build: it may not be given away.
 */
export function notices(file: string): Plugin {
  const folders = new Set<string>();
  return {
    name: "notices",
    // The bundles are written one after the other: the last one writes the whole file.
    writeBundle(_options, bundle) {
      for (const part of Object.values(bundle))
        for (const id of part.type === "chunk" ? part.moduleIds : []) {
          const folder = IN_A_PACKAGE.exec(id)?.[1];
          if (folder !== undefined) folders.add(folder);
        }
      writeFileSync(file, `${BEGIN}${[...folders].map(noticeOf).sort().join("")}`);
    },
  };
}

const BEGIN = "canonical-sweep holds code of the packages below. Their licences:\n";

function noticeOf(folder: string): string {
  const { name, version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const files = readdirSync(folder).filter((entry) => LICENCE.test(entry));
  if (files.length === 0)
    throw new Error(`${name} is bundled and has no licence text: depend on it, or leave it out`);
  const texts = files.sort().map((entry) => readFileSync(join(folder, entry), "utf8").trim());
  return `\n${"=".repeat(80)}\n${name} ${version}\n\n${texts.join("\n\n")}\n`;
}
