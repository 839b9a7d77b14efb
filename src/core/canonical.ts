import { z } from "zod";

/** The newest form of `canonical.json` that this program reads, and the form that it writes. */
export const CANONICAL_SCHEMA = 1;

const Timestamp = z
  .string()
  .regex(
    /^\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:\d{2})$|^\d{8}T\d{6}Z$/,
    "ISO 8601, or the form 20260617T050314Z",
  );

const ObjectId = z.string().regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/, "an object id of git, in full");

const Digest = z.string().regex(/^sha256:[0-9a-f]{64}$/, "sha256: and 64 hex digits");

/** A volume: the lengths of its files, and their space on disk, which older records lack. */
const RecordedVolume = z.object({
  name: z.string(),
  bytes: z.number().nonnegative(),
  used: z.number().nonnegative().optional(),
});

/**
 * The record of a canonical: facts known to be proven. Records of other programs with only the first five fields are
 * read too. Unknown fields are kept, so that a person's additions are not lost.
 */
export const Canonical = z.looseObject({
  recipe: z.string(),
  version: z.string().min(1),
  commit: ObjectId,
  status: z.enum(["idle", "live", "revoked"]),
  ts: Timestamp,
  schema: z.number().int().optional(),
  tagObject: ObjectId.optional(),
  run: z.string().optional(),
  lane: z.string().optional(),
  domain: z.string().optional(),
  driver: z.string().optional(),
  volumes: z.array(RecordedVolume).optional(),
  secrets: z.array(z.string()).optional(),
  configs: z.array(z.string()).optional(),
  images: z.array(z.object({ service: z.string(), digest: z.string() })).optional(),
  sentinel: z.enum(["planted", "none"]).optional(),
  tests: z.record(z.string(), z.string()).optional(),
  tiers: z.array(z.string()).optional(),
  /** Digests of the tests that were green, as kept, and of the rest of the recipe's configuration. */
  keptTests: Digest.optional(),
  configuration: Digest.optional(),
  environment: z.string().optional(),
  /** The content of `kept/` for this canonical: whether there is an `.env`, and the secrets with a value. */
  kept: z.object({ env: z.boolean(), secrets: z.array(z.string()) }).optional(),
  adopted: z.boolean().optional(),
  /** Names of volumes, secrets and configs that `adopt` took over: used by this canonical, never removed. */
  adoptedObjects: z.array(z.string()).optional(),
  revoked: z.object({ reason: z.string(), ts: z.string(), status: z.string().optional() }).optional(),
});
export type Canonical = z.infer<typeof Canonical>;

/** A recipe's canonical as read from disk. `unreadable` is never treated as `absent`. */
export type RecordReading =
  | { state: "absent" }
  | { state: "read"; record: Canonical }
  | { state: "unreadable"; problem: string }
  | { state: "orphaned"; volumes: string[] };

/** The record that counts: null if it is absent or revoked. */
export function provenRecord(reading: RecordReading): Canonical | null {
  return reading.state === "read" && reading.record.status !== "revoked" ? reading.record : null;
}
