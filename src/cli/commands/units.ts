import { join, resolve } from "node:path";
import { createToolbox, remedyOf } from "../../command/toolbox.ts";
import { EXIT } from "../../core/exit.ts";
import { preflight } from "../../environment/preflight.ts";
import { renderUnits, type Units } from "../../serve/units.ts";
import { hiddenFromUnits } from "../../serve/units-hardening.ts";
import { writeWhole } from "../../state/files.ts";
import { configOf } from "../context.ts";
import { type Invocation, textOption } from "../invocation.ts";
import { printResult } from "../print.ts";

const UNITS_SCHEMA = 1;

/** `units`: prints the systemd units of this machine, or writes them. */
export async function runUnits(invocation: Invocation): Promise<number> {
  const { surroundings } = invocation;
  const config = configOf(invocation);
  const { node, program } = surroundings.self;
  const units = renderUnits({ node, program, config, now: surroundings.clock.now() });
  const folder = textOption(invocation, "write");
  const written = folder === null ? null : write(units, resolve(surroundings.cwd, folder));
  printResult(invocation, { schema: UNITS_SCHEMA, units, written }, () =>
    written === null ? shown(units) : written.map((path) => `wrote ${path}\n`).join(""),
  );
  for (const path of hiddenFromUnits([program, node, config.folder, config.state]))
    surroundings.stderr.write(
      `${path}: the service sees nothing below /tmp and /var/tmp (PrivateTmp=yes). Have it elsewhere before it is enabled\n`,
    );
  const tools = await preflight(config, createToolbox(config.path), surroundings.clock);
  const unfit = tools.filter((tool) => tool.problem !== null);
  for (const { name, problem } of unfit)
    surroundings.stderr.write(`${problem}: no sweep can begin. ${remedyOf(name)}\n`);
  return unfit.length === 0 ? EXIT.ok : EXIT.machinery;
}

function write(units: Units, folder: string): string[] {
  return Object.entries(units).map(([name, text]) => {
    const path = join(folder, name);
    writeWhole(path, text);
    return path;
  });
}

function shown(units: Units): string {
  return Object.entries(units)
    .map(([name, text]) => `# ==> ${name}\n${text}`)
    .join("\n");
}
