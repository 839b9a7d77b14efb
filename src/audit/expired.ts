/** A dated exception whose last day is over, and that nobody has ended or renewed. */
export interface Expired {
  what: "hold" | "acknowledgement" | "known-cause";
  /** Null for a known cause: it is of no single recipe. */
  recipe: string | null;
  reason: string;
  /** The last day on which it was in force. */
  until: string;
  /** Where it stands. */
  file: string;
}
