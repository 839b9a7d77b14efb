import { commandForm, type Programs } from "./command-form.ts";
import type { DemoDriver, Form } from "./form.ts";
import type { OwnMachine } from "./own-machine.ts";
import { swarmForm } from "./swarm-form.ts";

/** Makes the form of the demo for each driver that it can show; `root` is the demo's folder. */
export const FORMS: Readonly<
  Record<DemoDriver, (programs: Programs, root: string, machine: OwnMachine) => Form | Promise<Form>>
> = { command: commandForm, swarm: swarmForm };
