import { join } from "node:path";
import { script } from "../../support/sample-app.ts";
import type { RecipeSetup, World } from "../../support/world.ts";

/** A recipe that does next to nothing: what is tested here is what its upstream brings. */
export const CHEAP = {
  settings: { health: { command: "is-up" } },
  commands: {
    deploy:
      'mkdir -p "$UP"; printf %s "$SWEEP_VERSION" >"$UP/$SWEEP_DOMAIN"; cat "$SWEEP_CHECKOUT/version" >"$SWEEP_DATA/notes.txt"',
    undeploy: 'rm -f "$UP/$SWEEP_DOMAIN"',
    version: 'cat "$UP/$SWEEP_DOMAIN"',
    url: null,
    backup: null,
    restore: null,
    logs: null,
  },
  files: {
    deploy: null,
    undeploy: null,
    "is-up": script('[ -e "$UP/$SWEEP_DOMAIN" ]'),
    "tests/install/says-its-version": script('[ "$(cat "$UP/$SWEEP_DOMAIN")" = "$SWEEP_VERSION" ]'),
    "tests/data/seed": null,
    "tests/data/verify": null,
    "tests/data/damage": null,
  },
} satisfies RecipeSetup;

/** Names the folder in which a cheap app says that it runs. */
export function useCheapRecipes(world: World, environment: Readonly<Record<string, string>> = {}): void {
  world.configure({ environment: { UP: join(world.root, "up"), ...environment } });
}
