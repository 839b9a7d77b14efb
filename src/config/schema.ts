import { z } from "zod";
import { RecipeName } from "../core/recipe-name.ts";
import {
  AbsoluteFolder,
  Bytes,
  CronExpression,
  DomainName,
  DottedVersion,
  Duration,
  GitAddress,
  Listen,
  Port,
  RelativeFile,
  SemverRange,
  TimeZone,
  text,
  VariableName,
  WebAddress,
} from "./values.ts";

const Edge = z
  .strictObject({
    address: text("an address or a host's name").default("127.0.0.1").describe("Where a probe connects to"),
    port: Port.default(443).describe("The port that a probe connects to"),
    scheme: z.enum(["https", "http"]).default("https").describe("https or http"),
    caFile: text("a file")
      .optional()
      .describe("The authority that signed the edge's certificate (PEM); relative to this folder"),
  })
  .describe("How a health probe reaches an app; the app's name is kept in SNI and Host");

const Forge = z
  .strictObject({
    kind: z.literal("gitea").describe("What the forge is: gitea (or its relatives with the same API)"),
    url: WebAddress.describe("The forge's address"),
    tokenFile: text("a file").describe("A file that holds an access token; relative to this folder"),
  })
  .describe("The forge that the mirror lives on: no-op pull requests are closed there");

const Mirror = z
  .strictObject({
    url: GitAddress.describe("The mirror's address; {recipe} stands for the recipe's name"),
    forge: Forge.optional(),
  })
  .describe("Our own copy of each recipe; absent: the bare mirror in the state folder is the mirror");

const Lane = z.strictObject({
  name: text("lower-case letters, digits and '-', at most 32")
    .regex(/^[a-z0-9][a-z0-9-]{0,31}$/, "lower-case letters, digits and '-', at most 32")
    .describe("How reports name the lane"),
  server: text("the name of an abra server").default("default").describe("abra's server"),
  context: text("the name of a Docker context").default("default").describe("Docker's context"),
  edge: Edge.optional(),
});

const LIMITS = {
  deploy: "One deploy, until it has converged and is healthy",
  tier: "One tier with its tests",
  promote: "One promotion, its rollback not counted",
  recipe: "Everything of one recipe",
  sweep: "A whole sweep",
  git: "One command of git over the network",
} as const;

const Timeouts = z
  .strictObject({
    deploy: Duration.default("10m").describe(LIMITS.deploy),
    tier: Duration.default("15m").describe(LIMITS.tier),
    promote: Duration.default("20m").describe(LIMITS.promote),
    recipe: Duration.default("60m").describe(LIMITS.recipe),
    sweep: Duration.default("12h").describe(LIMITS.sweep),
    git: Duration.default("60s").describe(LIMITS.git),
  })
  .describe("Limits on the wall clock");

// Not `Timeouts.partial()`: zod fills defaults in there too, and one override would reset all the others.
const TimeoutOverrides = z
  .strictObject({
    deploy: Duration.optional().describe(LIMITS.deploy),
    tier: Duration.optional().describe(LIMITS.tier),
    promote: Duration.optional().describe(LIMITS.promote),
    recipe: Duration.optional().describe(LIMITS.recipe),
    sweep: Duration.optional().describe(LIMITS.sweep),
    git: Duration.optional().describe(LIMITS.git),
  })
  .describe("Limits that differ from those of sweep.yaml");

const ToolRequirement = z.strictObject({
  name: text("the name of a program, without a path")
    .regex(/^[A-Za-z0-9][A-Za-z0-9._+-]*$/, "the name of a program, without a path")
    .describe("The program's name"),
  atLeast: DottedVersion.optional().describe("The least version"),
});

const Notification = z.strictObject({
  webhook: WebAddress.describe("Gets a POST with the result"),
  on: z
    .enum(["change", "always", "failure"])
    .default("change")
    .describe("When a label changed, after every sweep, or when something failed"),
});

const DriverName = z
  .enum(["abra", "swarm", "command"])
  .describe("How apps are deployed: abra, swarm (plain docker stack), command (the recipe's own commands)");
const Upstream = GitAddress.describe("Where the recipes come from; {recipe} stands for the recipe's name");

/** `sweep.yaml`. */
export const SweepFile = z.strictObject({
  domain: DomainName.describe("Apps live at <name>.<domain>"),
  state: text("a folder")
    .default("/var/lib/canonical-sweep")
    .describe("Where everything is kept; relative to this folder"),
  schedule: CronExpression.default("0 3 * * 0").describe("When to sweep: cron, in `timezone`"),
  timezone: TimeZone.default("UTC").describe("The time zone of `schedule` and of the end of a hold"),
  driver: DriverName.default("abra"),
  upstream: Upstream.optional(),
  mirror: Mirror.optional(),
  edge: Edge.prefault({}),
  lanes: z
    .array(Lane, "a list of lanes")
    .min(1, "at least one lane")
    .default([{ name: "main", server: "default", context: "default" }])
    .describe("Swarms of one node, on each of which one cold test runs at a time"),
  floor: z
    .strictObject({
      enrolled: z.number().int().min(0).default(1).describe("Fewer enrolled recipes make a sweep hollow"),
    })
    .prefault({})
    .describe("What a sweep must have at least to be believed"),
  timeouts: Timeouts.prefault({}),
  disk: z
    .strictObject({
      minFree: Bytes.default("5GiB").describe("Less free space stops tests and promotions"),
      canonicals: Bytes.default("50GiB").describe("What all canonicals may hold together"),
    })
    .prefault({})
    .describe("The disk budget"),
  breaker: z
    .strictObject({
      consecutiveMachinery: z
        .number()
        .int()
        .min(1)
        .default(3)
        .describe("So many machinery failures in a row stop a lane"),
    })
    .prefault({})
    .describe("When a lane is given up"),
  crashLoop: z
    .strictObject({
      exits: z.number().int().min(2).default(5).describe("So many exits with the same code"),
      longestUp: Duration.default("30s").describe("Never up for longer than this"),
    })
    .prefault({})
    .describe("So many exits with the same code, never up for longer: a crash loop"),
  snapshot: z
    .strictObject({
      helper: text("an image")
        .default("debian")
        .describe("Image with GNU cp and tar, used when the daemon is not on this host"),
    })
    .prefault({})
    .describe("How volumes are copied"),
  keep: z
    .strictObject({ runs: z.number().int().min(1).default(52).describe("So many runs are kept") })
    .prefault({})
    .describe("How much of the past is kept"),
  listen: Listen.default("127.0.0.1:8390").describe("The status page's address"),
  path: z
    .array(AbsoluteFolder, "a list of absolute folders")
    .default([])
    .describe("Folders searched for tools before the system's; an inherited PATH never is"),
  tools: z
    .array(ToolRequirement, "a list of tools")
    .default([])
    .describe("What recipe tests call, beyond the program's own tools"),
  environment: z
    .record(VariableName, text("a text; put it in quotes", 0))
    .default({})
    .describe("Variables that tests are given"),
  notify: z.array(Notification, "a list of webhooks").optional().describe("Who is told of a sweep"),
  heartbeat: WebAddress.optional().describe("Asked after each sweep that was not hollow and not stopped"),
});
export type SweepFile = z.infer<typeof SweepFile>;

// One map with a check instead of a union of maps: a fault then names the key that is wrong in it.
const Health = z
  .strictObject({
    path: text("a path that begins with /")
      .startsWith("/", "a path that begins with /")
      .optional()
      .describe("What is asked for over HTTP; default /"),
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

const PERMISSION = 'docker-socket, or "host-mount:/path"';

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
    .record(VariableName, text("a text; put it in quotes", 0))
    .default({})
    .describe("Filled into the app's .env; {domain} stands for the app's domain"),
  requires: z.array(Requirement, "a list of providers").default([]).describe("What the app needs to run"),
  tests: z.record(z.string(), TestRule).default({}).describe("Which tests apply, by their path below tests/"),
  broken: z
    .record(z.string(), text("why it is broken"))
    .default({})
    .describe("Releases that are never tested and never a base, each with the reason"),
  permissions: z
    .array(text(PERMISSION).regex(/^(docker-socket|host-mount:\/.*)$/, PERMISSION), "a list of permissions")
    .default([])
    .describe("What the release may ask of the host"),
  commands: Commands.optional(),
});
export type RecipeFile = z.infer<typeof RecipeFile>;
