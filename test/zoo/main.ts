import { parseArgs } from "node:util";
import { missingForSwarm } from "../support/missing-for-swarm.ts";
import { RECIPES, recipesNamed } from "./all-recipes.ts";
import { imageArchive } from "./image.ts";
import { renderZoo } from "./render.ts";
import { runZoo } from "./run-zoo.ts";
import { compare } from "./verdict.ts";

const USAGE = `npm run zoo -- [--load] [--no-investigate] [--keep] [RECIPE…]
npm run zoo -- --download
  --load             somebody else computes on the host during both sweeps
  --no-investigate   the labels and lint alone: quicker
  --keep             keeps the folder with the evidence
  --download         makes the image's archive, where there is none, and ends
  RECIPE             these only, with what they need; one of
                     ${RECIPES.map(({ name }) => name).join("\n                     ")}
`;

process.exitCode = await main(process.argv.slice(2));

async function main(words: string[]): Promise<number> {
  const options = readOptions(words);
  if ("problem" in options) {
    process.stderr.write(`${options.problem}\n\n${USAGE}`);
    return 2;
  }
  if (options.download) {
    process.stdout.write(`${imageArchive()}\n`);
    return 0;
  }
  const missing = missingForSwarm();
  if (missing !== null) {
    process.stderr.write(
      `the zoo needs a swarm, and ${missing}: \`.ci/parts/docker start DIR\` starts one\n`,
    );
    return 1;
  }
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort(signal));
  const began = Date.now();
  const say = (line: string) => void process.stderr.write(`${minutesSince(began)} ${line}\n`);
  try {
    const rows = await runZoo(recipesNamed(options.names), { ...options, say, signal: stop.signal });
    process.stdout.write(renderZoo(rows, options.investigate, process.stdout));
    say("done");
    const isRight = rows.every((row) =>
      compare(row, options.investigate).every(({ asExpected }) => asExpected),
    );
    return isRight ? 0 : 1;
  } catch (error) {
    say(stop.signal.aborted ? `ended by ${stop.signal.reason}` : `the zoo could not run: ${String(error)}`);
    return 1;
  }
}

function readOptions(words: string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: words,
      allowPositionals: true,
      options: {
        load: { type: "boolean", default: false },
        "no-investigate": { type: "boolean", default: false },
        keep: { type: "boolean", default: false },
        download: { type: "boolean", default: false },
      },
    });
    const unknown = positionals.filter((name) => !RECIPES.some((recipe) => recipe.name === name));
    if (unknown.length > 0) return { problem: `no recipe of the zoo: ${unknown.join(", ")}` };
    return {
      load: values.load,
      investigate: !values["no-investigate"],
      keep: values.keep,
      download: values.download,
      names: positionals,
    };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

function minutesSince(began: number): string {
  const seconds = Math.round((Date.now() - began) / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
