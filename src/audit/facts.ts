import type { HistoryEntry } from "../canonical/store.ts";
import { type Canonical, provenRecord, type RecordReading } from "../core/canonical.ts";
import type { Exceptions } from "../exceptions/store.ts";
import type { CanonicalPaths } from "../state/paths.ts";
import type { Expired } from "./expired.ts";
import type { RunFacts } from "./runs.ts";

/** An observation, or the reason why it was not possible: unseen is never taken for absent. */
export type Seen<T> = { state: "seen"; value: T } | { state: "unseen"; problem: string };

/** A tag: the object that it names, and its commit after peeling. */
export interface Tagged {
  object: string;
  commit: string;
}

/** The tags of one repository by name. */
export interface TagsSeen {
  /** The repository: an address without credentials, or a folder. */
  place: string;
  tags: Seen<ReadonlyMap<string, Tagged>>;
  /** The command that shows the tags. */
  command: string;
}

export interface VolumeSeen {
  bytes: number;
  /** Time of the newest change to its files, milliseconds since the epoch; null if unknown, or without files. */
  newestMs: number | null;
  /** Made by this program, or adopted. */
  isOurs: boolean;
  /** Foreign containers that mount it, running or not. */
  users: string[];
}

/** The existing data of a canonical, by name. */
export interface DataSeen {
  volumes: ReadonlyMap<string, VolumeSeen>;
  /** The value tells whether this program made or adopted it. */
  secrets: ReadonlyMap<string, boolean>;
  configs: ReadonlyMap<string, boolean>;
}

/** The content of `kept/`. */
export interface KeptSeen {
  env: boolean;
  secrets: string[];
  /** Files that users other than the owner may read. */
  open: string[];
}

/** One recipe with anything in `canonical/`, or with data, and all observations of it. */
export interface CanonicalFacts {
  recipe: string;
  reading: RecordReading;
  paths: CanonicalPaths & { data: string };
  /** A promotion of it is under way or unsettled, so the present state will not last. */
  isMoving: boolean;
  upstream: TagsSeen;
  /** The local bare mirror, and the one on a forge if there is one. */
  mirrors: TagsSeen[];
  /** The commit kept under the version's own ref in the bare mirror; null if there is none. */
  keptCommit: Seen<Tagged | null>;
  data: Seen<DataSeen>;
  kept: Seen<KeptSeen>;
  /** Why the tests that were green are no longer available; null if they are, or if the record names none. */
  testsProblem: string | null;
  history: Seen<{ entries: HistoryEntry[]; problem: string | null }>;
  /** Times of foreign work on its lane, if known. */
  foreignWork: Seen<ForeignWork[]>;
}

/** A trace of a run of another state folder on the same lane. */
export interface ForeignWork {
  /** `volume NAME`. */
  object: string;
  owner: string;
  run: string;
  /** Milliseconds since the epoch. */
  madeAtMs: number;
}

/** All facts for the rules of an audit. */
export interface AuditFacts {
  state: string;
  canonicals: CanonicalFacts[];
  /** Names of the enrolled recipes. */
  enrolled: string[];
  /** Oldest first, without the one at work. */
  runs: RunFacts[];
  exceptions: { recipe: string; file: string; exceptions: Exceptions }[];
  /** Expired exceptions and known causes. */
  expired: Expired[];
  /**
   * Objects of ours that belong to nothing; null while a run is at work, from whose objects they cannot be told apart.
   */
  residue: Seen<string[]> | null;
}

/** A canonical that counts, with its record. */
export interface ProvenFacts extends CanonicalFacts {
  record: Canonical;
}

/** The canonicals that count and are not being promoted; revoked and unreadable records do not count. */
export function provenOf(facts: Pick<AuditFacts, "canonicals">): ProvenFacts[] {
  return facts.canonicals.flatMap((canonical) => {
    const record = provenRecord(canonical.reading);
    return record === null || canonical.isMoving ? [] : [{ ...canonical, record }];
  });
}
