import type { HistoryEntry } from "../canonical/store.ts";
import { type Canonical, provenRecord, type RecordReading } from "../core/canonical.ts";
import type { Exceptions } from "../exceptions/store.ts";
import type { Expired } from "./expired.ts";
import type { RunFacts } from "./runs.ts";

/** What was looked at, or why it could not be: what was not seen is never taken for absent. */
export type Seen<T> = { state: "seen"; value: T } | { state: "unseen"; problem: string };

/** A tag: the object that it names, and the commit once peeled. */
export interface Tagged {
  object: string;
  commit: string;
}

/** The tags of one repository by name. */
export interface TagsSeen {
  /** Where: an address without credentials, or a folder. */
  place: string;
  tags: Seen<ReadonlyMap<string, Tagged>>;
  /** Shows them. */
  command: string;
}

export interface VolumeSeen {
  bytes: number;
  /** When the newest of its files was changed last, milliseconds since the epoch; null: not known, or no file. */
  newestMs: number | null;
  /** Made by this program, or adopted. */
  isOurs: boolean;
  /** Containers of others that mount it, running or not. */
  users: string[];
}

/** What exists of a canonical's data, by name. */
export interface DataSeen {
  volumes: ReadonlyMap<string, VolumeSeen>;
  /** The value says whether this program made or adopted it. */
  secrets: ReadonlyMap<string, boolean>;
  configs: ReadonlyMap<string, boolean>;
}

/** What stands in `kept/`. */
export interface KeptSeen {
  env: boolean;
  secrets: string[];
  /** Files that others than their owner may read. */
  open: string[];
}

/** One recipe that has anything in `canonical/`, or data, and all that was seen of it. */
export interface CanonicalFacts {
  recipe: string;
  reading: RecordReading;
  paths: {
    record: string;
    kept: string;
    keptTests: string;
    history: string;
    promotion: string;
    data: string;
  };
  /** A promotion of it is under way, or was not settled: what is there now is not what will stand. */
  isMoving: boolean;
  upstream: TagsSeen;
  /** The local bare mirror, and the one on a forge where there is one. */
  mirrors: TagsSeen[];
  /** What is kept under the version's own ref in the bare mirror; null where nothing is. */
  keptCommit: Seen<Tagged | null>;
  data: Seen<DataSeen>;
  kept: Seen<KeptSeen>;
  /** Why the tests that were green cannot be had any more; null where they can, or the record names none. */
  testsProblem: string | null;
  history: Seen<{ entries: HistoryEntry[]; problem: string | null }>;
  /** When others made something on its lane, where that is known. */
  foreignWork: Seen<ForeignWork[]>;
}

/** A sign of a run of another state folder on the same lane. */
export interface ForeignWork {
  /** `volume NAME`. */
  object: string;
  owner: string;
  run: string;
  /** Milliseconds since the epoch. */
  madeAtMs: number;
}

/** Everything that the rules of an audit may know. */
export interface AuditFacts {
  state: string;
  canonicals: CanonicalFacts[];
  /** Names of the enrolled recipes. */
  enrolled: string[];
  /** Oldest first; not the one at work. */
  runs: RunFacts[];
  exceptions: { recipe: string; file: string; exceptions: Exceptions }[];
  /** Exceptions and known causes whose last day is over. */
  expired: Expired[];
  /** What is ours and belongs to nothing; null where a run is at work, of which it cannot be told apart. */
  residue: Seen<string[]> | null;
}

/** A canonical that counts, with its record. */
export interface ProvenFacts extends CanonicalFacts {
  record: Canonical;
}

/** The canonicals that count and stand still: a revoked record, and one that cannot be read, is none. */
export function provenOf(facts: Pick<AuditFacts, "canonicals">): ProvenFacts[] {
  return facts.canonicals.flatMap((canonical) => {
    const record = provenRecord(canonical.reading);
    return record === null || canonical.isMoving ? [] : [{ ...canonical, record }];
  });
}
