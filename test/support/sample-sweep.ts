import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { temporaryFolder } from "./temporary-folder.ts";
import { createUpstream } from "./upstream.ts";

export interface SampleRecipe {
  /** A line of bash that is run before the app is up; `sleep 60`, say. */
  deploy?: string;
  /** None: never released. */
  tags?: readonly string[];
}

export interface SampleSweep {
  config: string;
  state: string;
  folder: string;
}

/** A configuration of the command driver, with a real upstream for each recipe; gone after the test. */
export function sampleSweep(recipes: Readonly<Record<string, SampleRecipe>>): SampleSweep {
  const folder = temporaryFolder("sample-sweep");
  const sweep = { folder, config: join(folder, "configuration"), state: join(folder, "state") };
  write(join(sweep.config, "sweep.yaml"), sweepYaml(sweep));
  mkdirSync(join(folder, "running"));
  for (const [name, recipe] of Object.entries(recipes)) {
    const upstream = createUpstream(join(folder, "upstream", `${name}.git`));
    upstream.commit({ "compose.yml": "services: {}\n" });
    for (const tag of recipe.tags ?? ["1.0.0+2.0"]) upstream.tag(tag);
    const place = join(sweep.config, "recipes", name);
    write(join(place, "recipe.yaml"), recipeYaml(join(folder, "running"), recipe.deploy ?? "true"));
    write(join(place, "tests/health"), `#!/bin/sh\ntest -e "${folder}/running/$SWEEP_DOMAIN"\n`);
  }
  return sweep;
}

function sweepYaml({ folder, state }: SampleSweep): string {
  return [
    "domain: ci.example.org",
    "driver: command",
    `state: ${state}`,
    `upstream: file://${folder}/upstream/{recipe}.git`,
    "timeouts: { deploy: 60s, tier: 60s }",
    "",
  ].join("\n");
}

function recipeYaml(running: string, deploy: string): string {
  return `canonical: true
health: { command: tests/health }
commands:
  deploy: ${deploy}; touch "${running}/$SWEEP_DOMAIN"
  undeploy: rm -f "${running}/$SWEEP_DOMAIN"
  version: echo "$SWEEP_VERSION"
  inventory: ls "${running}" | grep -Fx "$SWEEP_DOMAIN" || true
`;
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  if (text.startsWith("#!")) chmodSync(file, 0o755);
}
