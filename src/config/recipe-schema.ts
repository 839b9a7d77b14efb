import { z } from "zod";
import { RecipeName } from "../core/recipe-name.ts";
import { DriverName, Mirror, TimeoutOverrides, Upstream } from "./shared-keys.ts";
import { DomainName, Port, RelativeFile, SemverRange, text, VariableName, VariableValue } from "./values.ts";

// One map with a check instead of a union of maps: a fault then names the wrong key.
const Health = z
  .strictObject({
    path: text("a path that begins with /")
      .startsWith("/", "a path that begins with /")
      .optional()
      .describe("Path of the HTTP probe; default /"),
    status: z
      .array(z.number().int().min(100).max(599), "a list of HTTP status codes")
      .min(1, "at least one HTTP status code")
      .optional()
      .describe("The answers that are healthy; default [200]"),
    service: text("the name of a service").optional().describe("The service that answers; default app"),
    tcp: Port.optional().describe("A port that takes connections, instead of HTTP"),
    command: RelativeFile.optional().describe("An executable of this folder that exits 0, instead of HTTP"),
  })
  .refine((health) => kindsOfHealth(health) <= 1, "one of: path with status and service; tcp; command")
  .transform((health): Health => {
    if (health.tcp !== undefined) return { tcp: health.tcp };
    if (health.command !== undefined) return { command: health.command };
    return { path: health.path ?? "/", status: health.status ?? [200], service: health.service ?? "app" };
  })
  .describe("How it is seen that the app answers");
export type Health =
  | { path: string; status: number[]; service: string }
  | { tcp: number }
  | { command: string };

function kindsOfHealth(health: object): number {
  const overHttp = ["path", "status", "service"].some((key) => key in health);
  return Number(overHttp) + Number("tcp" in health) + Number("command" in health);
}

const Requirement = z.strictObject({
  recipe: RecipeName.describe("The provider; it runs at its canonical version"),
  mode: z.enum(["live", "ephemeral"]).describe("live: the running one; ephemeral: deployed for the test"),
  setup: RelativeFile.optional().describe("Runs before the deploy; prints KEY=value lines for the app"),
  teardown: RelativeFile.optional().describe("Removes what `setup` made in a live provider"),
});
export type Requirement = z.infer<typeof Requirement>;

const TestRule = z.strictObject({
  versions: SemverRange.optional().describe("A range of semver on the recipe's version"),
  only: z.literal("ref").optional().describe("Runs only in `run --ref`"),
  reason: text("a reason").describe("Why; also states why a test is gone"),
});
export type TestRule = z.infer<typeof TestRule>;

const Command = text("a command line");
const Commands = z
  .strictObject({
    deploy: Command.describe("Starts SWEEP_VERSION on SWEEP_DATA"),
    undeploy: Command.describe("Stops it; data stays"),
    version: Command.optional().describe("Prints the running version; without it nothing is promoted"),
    url: Command.optional().describe("Prints the app's base URL"),
    backup: Command.optional().describe("Backs up into SWEEP_BACKUP"),
    restore: Command.optional().describe("Restores from SWEEP_BACKUP"),
    logs: Command.optional().describe("Prints the app's log"),
    inventory: Command.optional().describe("Prints a line for each object that exists"),
  })
  .describe("The commands of the command driver, each one line of bash");
export type Commands = z.infer<typeof Commands>;

const PERMISSION = 'docker-socket, "host-mount:/path", "network:NAME" or "hostname:NAME"';

/** `recipes/<recipe>/recipe.yaml`. */
export const RecipeFile = z.strictObject({
  canonical: z.boolean("true or false").describe("true: enrolled; false: listed as not enrolled"),
  reason: text("a reason").optional().describe("Why `canonical` is false; required there"),
  warm: z
    .enum(["idle", "live"])
    .default("idle")
    .describe("How the canonical is kept: undeployed with its data, or always running"),
  upstream: Upstream.optional(),
  mirror: Mirror.optional(),
  driver: DriverName.optional(),
  timeouts: TimeoutOverrides.optional(),
  domain: DomainName.optional().describe("The warm domain; default warm-<recipe>.<domain>"),
  health: Health.prefault({}),
  env: z
    .record(VariableName, VariableValue)
    .default({})
    .describe("Filled into the app's .env; {domain} stands for the app's domain"),
  requires: z.array(Requirement, "a list of providers").default([]).describe("Providers that the app needs"),
  tests: z.record(z.string(), TestRule).default({}).describe("Which tests apply, by their path below tests/"),
  broken: z
    .record(z.string(), text("why it is broken"))
    .default({})
    .describe("Releases that are never tested and never a base, each with the reason"),
  permissions: z
    .array(
      text(PERMISSION).regex(
        /^(docker-socket|host-mount:\/.*|network:[a-zA-Z0-9][\w.-]*|hostname:(\*|[a-z0-9][a-z0-9._-]*))$/,
        PERMISSION,
      ),
      "a list of permissions",
    )
    .default([])
    .describe("Powers over the host that the release may ask for"),
  commands: Commands.optional(),
});
export type RecipeFile = z.infer<typeof RecipeFile>;
