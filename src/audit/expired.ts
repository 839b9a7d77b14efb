/** A dated exception that has expired, and that nobody has ended or renewed. */
export interface Expired {
  what: "hold" | "acknowledgement" | "known-cause";
  /** Null for a known cause, which concerns no single recipe. */
  recipe: string | null;
  reason: string;
  /** The last day in force. */
  until: string;
  /** Where it stands. */
  file: string;
}
