import { readdirSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "..");
const installed = Object.keys(JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")).dependencies);
const notices = readFileSync(join(ROOT, "dist/THIRD-PARTY-NOTICES.txt"), "utf8");
const IMPORT =
  /^import (?!type )(?:[^"']* from )?["']([^"'.][^"']*)["']|\b(?:import|require|requireModule)\("([^".]+)"\)/gm;

describe("the package", () => {
  it("installs each package that its bundles import, and no other", () => {
    const imported = new Set<string>();
    for (const [, name] of sourcesIn("dist", ".js")) if (!isBuiltin(name)) imported.add(name);
    imported.delete(OPTIONAL);
    expect([...imported].sort()).toEqual(installed.sort());
  });

  it("carries the licence of each package that its source imports and that is not installed beside it", () => {
    const bundled = new Set<string>();
    for (const [, name] of sourcesIn("src", ".ts"))
      if (!isBuiltin(name) && !installed.includes(name)) bundled.add(name);
    expect(bundled.size).toBeGreaterThan(8);
    for (const name of bundled)
      expect(notices).toMatch(new RegExp(`^=+\\n${name} \\d[^]{0,200}(copyright|licen[cs]e)`, "im"));
  });
});

/** `debug` looks for it, and does without it. */
const OPTIONAL = "supports-color";

function sourcesIn(folder: string, extension: string): [file: string, imported: string][] {
  const files = readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" });
  return files
    .filter((file) => file.endsWith(extension) && !file.startsWith("page/browser"))
    .flatMap((file) => {
      const text = readFileSync(join(ROOT, folder, file), "utf8");
      return [...text.matchAll(IMPORT)].map(([, one, other]): [string, string] => [
        file,
        packageOf(one ?? other ?? ""),
      ]);
    });
}

function packageOf(imported: string): string {
  return /^(@[^/]+\/)?[^/]+/.exec(imported)?.[0] ?? imported;
}

function isBuiltin(name: string): boolean {
  return name.startsWith("node:") || builtinModules.includes(name);
}
