/** A plain YAML word (without quotes), as Docker's client reads it. */
export interface PlainScalar {
  value: string | number | boolean | null;
  /** How another reader of YAML reads it; null if all agree. */
  doubt: string | null;
  /** Two of Docker's own clients read it differently, so neither reading is right. */
  isRefused?: boolean;
}

const NULL = /^(?:|~|null|Null|NULL)$/;
const BOOLEAN = /^(?:(true|True|TRUE)|false|False|FALSE)$/;
const OLD_BOOLEAN = /^(?:(y|Y|yes|Yes|YES|on|On|ON)|n|N|no|No|NO|off|Off|OFF)$/;
const INTEGER = /^[-+]?(?:0b[01]+|0[0-7]+|0x[0-9a-fA-F]+|0|[1-9][0-9]*)$/;
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const NOT_FINITE = /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const SEXAGESIMAL = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;
const DATE = /^\d{4}-\d\d?-\d\d?(?:[Tt ].*)?$/;

/**
 * Reads a plain word as Go's YAML does (yaml.v2 in clients before 25, yaml.v3 since). `doubt` says where these two, or
 * YAML 1.1 and 1.2, differ. Source: the resolvers of both.
 */
export function readPlain(word: string): PlainScalar {
  if (NULL.test(word)) return { value: null, doubt: null };
  const boolean = BOOLEAN.exec(word);
  if (boolean !== null) return { value: boolean[1] !== undefined, doubt: null };
  const old = OLD_BOOLEAN.exec(word);
  if (old !== null)
    return { value: old[1] !== undefined, doubt: "true or false for some, a text for others" };
  if (DATE.test(word)) return refused(word, "a date for some, a text for others");
  const sexagesimal = SEXAGESIMAL.test(word)
    ? "a number to the base of 60 for some, a text for others"
    : null;
  return readNumber(word) ?? { value: word, doubt: sexagesimal };
}

function refused(value: PlainScalar["value"], doubt: string): PlainScalar {
  return { value, doubt, isRefused: true };
}

function readNumber(word: string): PlainScalar | null {
  if (NOT_FINITE.test(word) || /^[-+]?0o/.test(word))
    return refused(word, "a number for some, a text for others");
  const digits = word.replaceAll("_", "");
  const doubt = digits === word ? null : "a number for some, a text for others";
  if (INTEGER.test(digits)) return integer(digits, doubt);
  if (!FLOAT.test(digits) || digits === "") return null;
  const isOctalLike = /^[-+]?0\d/.test(digits);
  return {
    value: Number(digits),
    doubt: isOctalLike ? "an octal number for some, a decimal for others" : doubt,
  };
}

function integer(digits: string, doubt: string | null): PlainScalar {
  const [, sign = "", body = ""] = /^([-+]?)(.*)$/.exec(digits) ?? [];
  const isOldOctal = /^0[0-7]+$/.test(body);
  const size = Number(BigInt(isOldOctal ? `0o${body.slice(1)}` : body));
  const value = sign === "-" ? -size : size;
  // One reader rounds a larger number, the other refuses it.
  if (!Number.isSafeInteger(value)) return refused(digits, "too large for a number");
  return { value, doubt };
}
