import { join } from "node:path";
import { parseArgs } from "node:util";
import { Refusal, release } from "./release.ts";

/** `npm run release -- VERSION [--dry-run]`: docs/releasing.md says what it does. */
const USAGE = "usage: npm run release -- VERSION [--dry-run]";
try {
  const { positionals, values } = readArguments();
  const [version] = positionals;
  if (version === undefined || positionals.length > 1) throw new Refusal(USAGE);
  await release({
    version,
    folder: join(import.meta.dirname, ".."),
    today: new Date().toISOString().slice(0, 10),
    check: [".ci/run"],
    dryRun: values["dry-run"],
    say: (line) => process.stdout.write(`${line}\n`),
  });
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  process.stderr.write(`release: ${error.message}\n`);
  process.exitCode = 1;
}

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { "dry-run": { type: "boolean", default: false } },
    });
  } catch (error) {
    throw new Refusal(`${error instanceof Error ? error.message : String(error)}\n${USAGE}`);
  }
}
