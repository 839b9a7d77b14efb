import { relative, resolve } from "node:path";
import { type ChunkingContext, defineConfig, type RolldownOptions } from "rolldown";
import { notices } from "./rolldown.notices.ts";

const SOURCE = resolve("src");

const plugins = [notices("dist/THIRD-PARTY-NOTICES.txt")];

const common: RolldownOptions = {
  plugins,
  // A part of it comes without the text of its licence.
  external: ["fast-xml-parser"],
  platform: "node",
  tsconfig: "tsconfig.json",
  // The oldest Node of `engines` does not know `await using`.
  transform: { target: "es2024" },
};

// Each file costs time at the start of the program. So what every command needs is one file, what nearly every
// command needs is a second one, and the rest is cut as the commands share it.
const program: RolldownOptions = {
  ...common,
  input: "src/main.ts",
  output: {
    dir: "dist",
    format: "esm",
    entryFileNames: "main.js",
    chunkFileNames: ({ facadeModuleId, name }) => fileOf(facadeModuleId) ?? `shared/${name}-[hash].js`,
    codeSplitting: {
      groups: [
        {
          debugName: "command-line",
          name: partOf("command-line", ["program.ts", "cli/show-error.ts"]),
          priority: 2,
        },
        { debugName: "decisions", name: partOf("decisions", ["cli/commands/plan.ts"]), priority: 1 },
      ],
    },
  },
};

// One file that needs nothing else: the demo starts it as a program, and copies it into an image.
const demoServer: RolldownOptions = {
  ...common,
  input: "src/demo/server.ts",
  output: { file: "dist/demo/server.js", format: "esm", codeSplitting: false },
};

// What a browser loads: small, because each first look waits for it.
const pageScript: RolldownOptions = {
  plugins,
  tsconfig: "src/page/browser/tsconfig.json",
  platform: "browser",
  transform: { target: "es2022" },
  input: "src/page/browser/live.ts",
  output: { file: "dist/page/live.js", format: "iife", minify: true, codeSplitting: false },
};

export default defineConfig([program, demoServer, pageScript]);

// A command stands where its source does, because the demo looks for its server beside itself.
function fileOf(module: string | null | undefined): string | null {
  return module?.startsWith(`${SOURCE}/`) ? relative(SOURCE, module).replace(/\.ts$/, ".js") : null;
}

/** Names the part for every module that these files reach by static imports, and nothing for others. */
function partOf(
  name: string,
  files: readonly string[],
): (id: string, context: ChunkingContext) => string | null {
  let reached: Set<string> | null = null;
  return (id, context) => {
    reached ??= reachedFrom(
      files.map((file) => resolve(SOURCE, file)),
      context,
    );
    return reached.has(id) ? name : null;
  };
}

function reachedFrom(entries: readonly string[], context: ChunkingContext): Set<string> {
  const reached = new Set(entries);
  for (const id of reached)
    for (const imported of context.getModuleInfo(id)?.importedIds ?? []) reached.add(imported);
  return reached;
}
