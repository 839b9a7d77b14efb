import type { Arbitrary } from "fast-check";

/** A reader of text that others wrote, and what must hold of every text that it is given. */
export interface FuzzedParser {
  name: string;
  /** Short texts: valid ones, mutated ones, and rubbish. */
  inputs: Arbitrary<string>;
  /** Texts of up to 100 kB, which repeat themselves: what a careless regular expression never ends with. */
  long: Arbitrary<string>;
  /** Reads a text, and throws where a property does not hold; whether the reader accepted it. */
  accepts(text: string): boolean;
}
