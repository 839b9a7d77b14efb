import { z } from "zod";
import { parseBytes, parseDuration } from "../core/duration.ts";
import { RecipeName } from "../core/recipe-name.ts";
import { Tier } from "../core/tier.ts";

const Duration = z
  .string()
  .refine((text) => parseDuration(text) !== null, "a duration such as 90s, 10m, 1h30m")
  .describe("A duration: 90s, 10m, 1h30m");
const Bytes = z
  .string()
  .refine((text) => parseBytes(text) !== null, "a size such as 500MiB, 5GiB")
  .describe("A size: 500MiB, 5GiB");
const DomainName = z
  .string()
  .max(253)
  .regex(
    /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/,
    "a domain name in lower case, such as ci.example.org",
  );
const Port = z.number().int().min(1).max(65535);

/** A git URL, an scp-like address or a path. What begins with `-` would be read as an option by git. */
const GitAddress = z
  .string()
  .min(1)
  .refine((text) => !text.startsWith("-"), "a git address; it must not begin with '-'");

export const Edge = z
  .strictObject({
    address: z.string().min(1).default("127.0.0.1").describe("Where a health probe connects to"),
    port: Port.default(443),
    scheme: z.enum(["https", "http"]).default("https"),
    caFile: z.string().min(1).optional().describe("The authority that signed the edge's certificate (PEM)"),
  })
  .describe("How a health probe reaches an app; the app's name is kept in SNI and Host");

const Mirror = z.strictObject({
  url: GitAddress.describe("The mirror's address; {recipe} stands for the recipe's name"),
  forge: z
    .strictObject({ kind: z.literal("gitea"), url: z.url(), tokenFile: z.string().min(1) })
    .optional()
    .describe("The forge that the mirror lives on: no-op pull requests are closed there"),
});

const Lane = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/, "lower-case letters, digits and '-'"),
  server: z.string().min(1).default("default").describe("abra's server"),
  context: z.string().min(1).default("default").describe("Docker's context"),
  edge: Edge.optional(),
});

const Timeouts = z.strictObject({
  deploy: Duration.default("10m"),
  tier: Duration.default("15m"),
  promote: Duration.default("20m"),
  recipe: Duration.default("60m"),
  sweep: Duration.default("12h"),
  git: Duration.default("60s"),
});

const ToolRequirement = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._+-]*$/, "the name of a program, without a path"),
  atLeast: z.string().min(1).optional(),
});

const VariableName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "the name of an environment variable");
const DriverName = z.enum(["abra", "swarm", "command"]);

/** `sweep.yaml`. */
export const SweepFile = z.strictObject({
  domain: DomainName.describe("Apps live at <name>.<domain>"),
  state: z.string().min(1).default("/var/lib/canonical-sweep"),
  schedule: z.string().min(1).default("0 3 * * 0").describe("cron, in `timezone`"),
  timezone: z.string().min(1).default("UTC"),
  driver: DriverName.default("abra"),
  upstream: GitAddress.optional().describe("Where the recipes come from; {recipe} stands for the name"),
  mirror: Mirror.optional(),
  edge: Edge.prefault({}),
  lanes: z
    .array(Lane)
    .min(1)
    .default([{ name: "main", server: "default", context: "default" }]),
  floor: z.strictObject({ enrolled: z.number().int().min(0).default(1) }).prefault({}),
  timeouts: Timeouts.prefault({}),
  disk: z.strictObject({ minFree: Bytes.default("5GiB"), canonicals: Bytes.default("50GiB") }).prefault({}),
  breaker: z.strictObject({ consecutiveMachinery: z.number().int().min(1).default(3) }).prefault({}),
  crashLoop: z
    .strictObject({ exits: z.number().int().min(2).default(5), longestUp: Duration.default("30s") })
    .prefault({})
    .describe("So many exits with the same code, never up for longer: a crash loop"),
  snapshot: z.strictObject({ helper: z.string().min(1).default("debian") }).prefault({}),
  keep: z.strictObject({ runs: z.number().int().min(1).default(52) }).prefault({}),
  listen: z.string().min(1).default("127.0.0.1:8390"),
  path: z.array(z.string().startsWith("/", "an absolute folder")).default([]),
  tools: z.array(ToolRequirement).default([]),
  environment: z.record(VariableName, z.string()).default({}),
  notify: z
    .array(
      z.strictObject({ webhook: z.url(), on: z.enum(["change", "always", "failure"]).default("change") }),
    )
    .optional(),
  heartbeat: z.url().optional(),
});
export type SweepFile = z.infer<typeof SweepFile>;

const Health = z
  .union([
    z.strictObject({
      path: z.string().startsWith("/", "a path that begins with /").default("/"),
      status: z.array(z.number().int().min(100).max(599)).min(1).default([200]),
      service: z.string().min(1).default("app"),
    }),
    z.strictObject({ tcp: Port }),
    z.strictObject({ command: z.string().min(1) }),
  ])
  .describe("How it is seen that the app answers");
export type Health = z.infer<typeof Health>;

const Requirement = z.strictObject({
  recipe: RecipeName,
  mode: z.enum(["live", "ephemeral"]),
  setup: z.string().min(1).optional(),
  teardown: z.string().min(1).optional(),
});
export type Requirement = z.infer<typeof Requirement>;

const TestRule = z.strictObject({
  versions: z.string().min(1).optional().describe("A range of semver on the recipe's version"),
  only: z.literal("ref").optional().describe("Runs only in `run --ref`"),
  reason: z.string().min(1),
});
export type TestRule = z.infer<typeof TestRule>;

const Commands = z.strictObject({
  deploy: z.string().min(1),
  undeploy: z.string().min(1),
  version: z.string().min(1).optional(),
  url: z.string().min(1).optional(),
  backup: z.string().min(1).optional(),
  restore: z.string().min(1).optional(),
  logs: z.string().min(1).optional(),
  inventory: z.string().min(1).optional(),
});
export type Commands = z.infer<typeof Commands>;

/** `recipes/<recipe>/recipe.yaml`. */
export const RecipeFile = z.strictObject({
  canonical: z.boolean().describe("false: listed as not enrolled"),
  reason: z.string().min(1).optional().describe("Why `canonical` is false; required there"),
  warm: z.enum(["idle", "live"]).default("idle"),
  upstream: GitAddress.optional(),
  mirror: Mirror.optional(),
  driver: DriverName.optional(),
  timeouts: Timeouts.partial().optional(),
  domain: DomainName.optional().describe("The warm domain; default warm-<recipe>.<domain>"),
  health: Health.prefault({}),
  env: z.record(VariableName, z.string()).default({}),
  requires: z.array(Requirement).default([]),
  tests: z.record(z.string(), TestRule).default({}),
  broken: z.record(z.string(), z.string().min(1)).default({}),
  permissions: z
    .array(z.string().regex(/^(docker-socket|host-mount:\/.*)$/, 'docker-socket, or "host-mount:/path"'))
    .default([]),
  commands: Commands.optional(),
});
export type RecipeFile = z.infer<typeof RecipeFile>;

export const TierList = z.array(Tier);
