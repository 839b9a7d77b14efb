import { z } from "zod";
import { DriverName, Mirror, Timeouts, Upstream } from "./shared-keys.ts";
import {
  Bytes,
  CronExpression,
  DomainName,
  DottedVersion,
  Duration,
  Folder,
  Listen,
  Port,
  SearchedFolder,
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

const Lane = z.strictObject({
  name: text("lower-case letters, digits and '-', at most 32")
    .regex(/^[a-z0-9][a-z0-9-]{0,31}$/, "lower-case letters, digits and '-', at most 32")
    .describe("How reports name the lane"),
  server: text("the name of an abra server").default("default").describe("abra's server"),
  context: text("the name of a Docker context").default("default").describe("Docker's context"),
  edge: Edge.optional(),
});

const ToolRequirement = z.strictObject({
  name: text("the name of a program, without a path")
    .regex(/^[A-Za-z0-9][A-Za-z0-9._+-]*$/, "the name of a program, without a path")
    .describe("The program's name"),
  atLeast: DottedVersion.optional().describe("The least version"),
});

const Notification = z.strictObject({
  webhook: WebAddress.describe("Gets the result; {run} stands for the run's id"),
  on: z
    .enum(["change", "always", "failure"])
    .default("change")
    .describe("When a label changed, after every sweep, or when something failed"),
  method: z.enum(["POST", "PUT"]).default("POST").describe("How it is sent"),
  body: z
    .union([z.record(z.string(), z.unknown()), z.array(z.unknown()), z.string()])
    .optional()
    .describe(
      "Body of the message, as JSON, with {title}, {text}, {verdict} and {run} filled in; absent: all facts",
    ),
  tokenFile: text("a file").optional().describe("A file that holds a bearer token; relative to this folder"),
});

/** `sweep.yaml`. */
export const SweepFile = z.strictObject({
  domain: DomainName.describe("Apps live at <name>.<domain>"),
  state: Folder.default("/var/lib/canonical-sweep").describe(
    "Where everything is kept; relative to this folder",
  ),
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
    .describe("Least that a sweep must have to be believed"),
  timeouts: Timeouts.prefault({}),
  disk: z
    .strictObject({
      minFree: Bytes.default("5GiB").describe("Less free space stops tests and promotions"),
      canonicals: Bytes.default("50GiB").describe("Most that all canonicals together may use"),
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
  investigate: z
    .strictObject({
      busyAbove: z
        .number()
        .gt(0)
        .max(1)
        .default(0.25)
        .describe("Others use more than this share of the processors: the host is busy"),
    })
    .prefault({})
    .describe("When a run counts as alone on this host"),
  keep: z
    .strictObject({
      runs: z
        .number()
        .int()
        .min(1)
        .default(52)
        .describe("Number of sweeps, and number of runs by hand, that are kept"),
      days: z.number().int().min(1).optional().describe("No run that is older; absent: whatever their age"),
    })
    .prefault({})
    .describe("How much of the past is kept"),
  listen: Listen.default("127.0.0.1:8390").describe("The status page's address"),
  allowRemote: z
    .boolean("true or false")
    .default(false)
    .describe("Whether `listen` may be an address that other machines reach"),
  allowedHosts: z
    .array(text("a host name, without a port"), "a list of host names")
    .default([])
    .describe("Names by which the status page is asked for, beside addresses and localhost"),
  path: z
    .array(SearchedFolder, "a list of absolute folders")
    .default([])
    .describe("Folders searched for tools before the system's; an inherited PATH never is"),
  tools: z
    .array(ToolRequirement, "a list of tools")
    .default([])
    .describe("Tools that recipe tests call, beyond the program's own"),
  environment: z
    .record(VariableName, text("a text; put it in quotes", 0))
    .default({})
    .describe("Variables that tests are given"),
  notify: z
    .array(Notification, "a list of webhooks")
    .optional()
    .describe("Receivers of messages about sweeps"),
  heartbeat: WebAddress.optional().describe(
    "Asked after each sweep that was neither hollow nor stopped; /start and /fail below it tell the rest",
  ),
});
export type SweepFile = z.infer<typeof SweepFile>;
