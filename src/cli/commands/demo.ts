import { extname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { SYSTEM_PATH } from "../../command/search-path.ts";
import { createToolbox } from "../../command/toolbox.ts";
import { loadConfig } from "../../config/load.ts";
import { EXIT } from "../../core/exit.ts";
import type { Programs } from "../../demo/command-form.ts";
import { clearPlace, foldersFor, makePlace, processesBelow } from "../../demo/demo-folder.ts";
import { DEMO_DRIVERS, type DemoDriver } from "../../demo/form.ts";
import { FORMS } from "../../demo/forms.ts";
import { ownMachine } from "../../demo/own-machine.ts";
import {
  type DemoEnd,
  renderEnd,
  renderInterrupted,
  renderOpening,
  renderPlanned,
  renderSwept,
} from "../../demo/render-demo.ts";
import { SAMPLES } from "../../demo/story.ts";
import { type DemoSweep, runTwoSweeps, stoppingFirst } from "../../demo/two-sweeps.ts";
import { makeWorld, type World } from "../../demo/world.ts";
import type { Layout } from "../../render/paint.ts";
import type { Context } from "../../run/context.ts";
import { usableFolder } from "../../state/folder-name.ts";
import { statePaths } from "../../state/paths.ts";
import { flagOption, type Invocation, listOption, textOption } from "../invocation.ts";
import { openReporting, type Reporting } from "../reporting.ts";
import { layoutFor } from "../terminal.ts";

const DEMO_SCHEMA = 1;

/** `demo`: exits with 0 only if every label of both sweeps is as expected and nothing is left running. */
export async function runDemo(invocation: Invocation): Promise<number> {
  const { env, cwd } = invocation.surroundings;
  const given = textOption(invocation, "dir");
  const wanted = listOption(invocation, "driver").at(-1);
  const driver = DEMO_DRIVERS.find((name) => name === wanted) ?? DEMO_DRIVERS[0];
  const path = foldersFor(driver, env.PATH ?? "");
  const root = makePlace(given === null ? null : usableFolder("--dir", resolve(cwd, given)));
  const keep = flagOption(invocation, "keep");
  try {
    return await demonstrateIn({ root, driver, path, keep }, invocation);
  } finally {
    if (!keep) await clearPlace(root);
  }
}

interface Place {
  root: string;
  driver: DemoDriver;
  path: readonly string[];
  keep: boolean;
}

async function demonstrateIn({ root, driver, path, keep }: Place, invocation: Invocation): Promise<number> {
  const { clock, home } = invocation.surroundings;
  const tools = createToolbox([...path, ...SYSTEM_PATH]);
  const reporting = await openReporting(invocation, true);
  const form = await FORMS[driver](ownPrograms(), root, ownMachine(tools, home, clock));
  try {
    const world = await makeWorld({ root, path, clock, tools, form });
    return await demonstrate(invocation, world, reporting, keep);
  } finally {
    reporting.close();
    if (!keep) await form.close();
  }
}

async function demonstrate(
  invocation: Invocation,
  world: World,
  reporting: Reporting,
  keep: boolean,
): Promise<number> {
  const { clock } = invocation.surroundings;
  const startedMs = clock.now();
  const context = contextOf(invocation, world, reporting);
  const say = sayingOf(invocation);
  say((layout) => renderOpening(world.root, SAMPLES.length, layout));
  const sweeps = await runTwoSweeps(context, world, {
    planned: (sweep, plan) => say((layout) => renderPlanned(sweep, plan, layout)),
    swept: (sweep, report, rows) => say((layout) => renderSwept(sweep, report, rows, layout)),
  });
  const end: DemoEnd = {
    rows: sweeps.flatMap((sweep) => sweep.rows),
    left: processesBelow(world.root),
    durationMs: clock.now() - startedMs,
    kept: keep ? world.configuration : null,
  };
  const interrupted = context.signal.aborted;
  say((layout) => (interrupted ? renderInterrupted(layout) : renderEnd(end, layout)));
  const ok = sweeps.length === 2 && end.left.length === 0 && end.rows.every((row) => row.asExpected);
  printDocument(invocation, ok, sweeps, end.left);
  if (interrupted) return context.signal.reason === "SIGINT" ? EXIT.interrupted : EXIT.terminated;
  return ok ? EXIT.ok : EXIT.bug;
}

function contextOf({ surroundings }: Invocation, world: World, reporting: Reporting): Context {
  const { clock, program, home, listenForStop } = surroundings;
  const config = loadConfig(world.configuration);
  const state = statePaths(config.state);
  const signal = listenForStop(() => [`the demo's folder ${world.root} stays: remove it by hand`]);
  return {
    config,
    state,
    tools: createToolbox(config.path),
    home,
    clock,
    log: reporting.log,
    signal,
    progress: stoppingFirst({ progress: reporting.progress, state, clock }),
    program,
    trigger: "demo",
  };
}

function sayingOf({ global, surroundings }: Invocation): (render: (layout: Layout) => string) => void {
  const { stdout, env } = surroundings;
  return (render) => {
    if (!global.json) stdout.write(render(layoutFor(stdout, env)));
  };
}

function printDocument(
  { global, surroundings }: Invocation,
  ok: boolean,
  sweeps: readonly DemoSweep[],
  left: readonly number[],
): void {
  if (!global.json) return;
  const document = { schema: DEMO_SCHEMA, ok, left, sweeps };
  surroundings.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
}

// The sample app is next to the demo, in the source as well as in the build.
function ownPrograms(): Programs {
  const server = new URL(`../../demo/server${extname(import.meta.url)}`, import.meta.url);
  return { node: process.execPath, server: fileURLToPath(server) };
}
