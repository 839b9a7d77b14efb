import type { ComposeReading } from "../../src/compose/compose.ts";
import { startOf } from "../../src/compose/located.ts";
import { readCompose } from "../../src/compose/read-compose.ts";

type Files = Readonly<Record<string, string | Buffer>>;

/** Reads files that exist only here; `picked` is the value of `COMPOSE_FILE`. */
export function readFiles(
  files: Files | string,
  variables: Readonly<Record<string, string>> = {},
  picked?: string,
): ComposeReading {
  const all = typeof files === "string" ? { "compose.yml": files } : files;
  return readCompose({
    readFile: (path) => {
      const content = Object.hasOwn(all, path) ? all[path] : undefined;
      return content === undefined ? null : Buffer.from(content);
    },
    variables,
    picked: picked === undefined ? null : { raw: picked, text: picked, at: startOf(".env.sample") },
  });
}

/** The problems of a reading, each with its line. */
export function problemsOf(reading: ComposeReading): string[] {
  return reading.problems.map(({ message, at }) => `${at.file}:${at.line}: ${message}`);
}
