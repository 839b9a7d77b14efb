import type { Form } from "./form.ts";
import { CONTROL, READ_ONLY_SETTINGS, WRONG_BASE_PATH } from "./scripts.ts";
import type { SampleRecipe } from "./story.ts";

const ACTS = ["deploy", "undeploy", "version", "url", "backup", "restore", "logs", "inventory"];

/** The program that runs the sample app, and the app, both absolute. */
export interface Programs {
  node: string;
  server: string;
}

/** The sample apps as processes of this machine, deployed by the recipes' own `control`. */
export function commandForm({ node, server }: Programs): Form {
  return {
    sweep: {
      driver: "command",
      timeouts: { deploy: "15s", tier: "30s", promote: "20s", recipe: "2m", sweep: "10m", git: "20s" },
      environment: { DEMO_NODE: node, DEMO_SERVER: server },
    },
    recipe: ({ trouble }) => ({
      commands: commandsOf(trouble),
      ...(trouble === "answers-404-when-warm" ? { timeouts: { promote: "3s" } } : {}),
    }),
    executables: ({ trouble }) => ({ control: CONTROL, ...beforeStart(trouble) }),
    release: (_sample, release) => ({ "app.json": `${JSON.stringify(release, null, 2)}\n` }),
    close: async () => {},
  };
}

function commandsOf(trouble: SampleRecipe["trouble"]): Record<string, string> {
  const usual = Object.fromEntries(ACTS.map((act) => [act, `./control ${act}`]));
  return trouble === "restores-nothing" ? { ...usual, restore: "echo restored" } : usual;
}

function beforeStart(trouble: SampleRecipe["trouble"]): Record<string, string> {
  if (trouble === "answers-404-when-warm") return { "before-start": WRONG_BASE_PATH };
  return trouble === "read-only-settings" ? { "before-start": READ_ONLY_SETTINGS } : {};
}
