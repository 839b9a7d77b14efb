import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { drawMap } from "./picture.ts";
import { readSources } from "./source.ts";

/** `npm run map`: draws the picture of `docs/architecture.md` from the imports of `src`. */
const ROOT = join(import.meta.dirname, "../..");
const path = join(ROOT, "docs/images/architecture.svg");
writeFileSync(path, drawMap(readSources(join(ROOT, "src"))));
process.stdout.write(`${path}\n`);
