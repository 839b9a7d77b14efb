import fc, { type Arbitrary } from "fast-check";

/** No longer text is made, unless a parser says so. */
const LONGEST = 100_000;

/** What readers stumble over. */
const HOSTILE = [
  "\0",
  "\n",
  "\r\n",
  "\t",
  " ",
  "\u2028",
  "\u00a0",
  "\ufeff",
  "\u202e",
  "\ud800",
  "é",
  "\u{1f600}",
  "__proto__",
  "constructor",
  "toString",
  '"',
  "'",
  "\\",
  "`",
  "$",
  "${",
  "}",
  "{",
  "[",
  "]",
  "(",
  ")",
  "<",
  ">",
  "&",
  "*",
  "|",
  "#",
  ":",
  ",",
  ";",
  "=",
  "-",
  "+",
  "/",
  "../",
  "0",
  "9",
  "99999999999999999999",
  "1e999",
  "-1",
  "null",
  "true",
  "NaN",
];

export interface Grammar {
  /** Texts that the reader accepts. */
  samples: readonly string[];
  /** What means something to it. */
  pieces: readonly string[];
}

/** Short texts: samples with some mutations, pieces in a row, and arbitrary characters and bytes. */
export function shortInputs({ samples, pieces }: Grammar): Arbitrary<string> {
  const known = [...pieces, ...HOSTILE];
  const row = fc.array(fc.constantFrom(...known), { maxLength: 12 }).map((parts) => parts.join(""));
  const bytes = fc.uint8Array({ maxLength: 24 }).map((part) => Buffer.from(part).toString("utf8"));
  const characters = fc
    .array(fc.nat({ max: 0x10ffff }), { maxLength: 16 })
    .map((points) => String.fromCodePoint(...points));
  return fc.oneof(
    { weight: 14, arbitrary: mutated(samples, known) },
    { weight: 4, arbitrary: row },
    { weight: 1, arbitrary: characters },
    { weight: 1, arbitrary: bytes },
  );
}

/** Long texts: a part of a sample, then one or two pieces again and again, or nested, then another part. */
export function longInputs({ samples, pieces }: Grammar, longest = LONGEST): Arbitrary<string> {
  const piece = fc.oneof(
    fc.constantFrom(...pieces),
    fc.constantFrom(...HOSTILE),
    fc.constantFrom(...samples),
  );
  const part = fc
    .tuple(fc.constantFrom("", ...samples), fc.nat())
    .map(([text, at]) => text.slice(0, at % (text.length + 1)));
  const count = fc.constantFrom(0.01, 0.1, 0.5, 1).map((share) => share * longest);
  return fc
    .tuple(
      part,
      piece,
      fc.oneof(fc.constant(""), piece),
      count,
      fc.boolean(),
      fc.oneof(fc.constant(""), piece),
    )
    .map(([begin, first, second, length, nested, end]) => {
      const times = Math.floor(length / Math.max(1, first.length + second.length));
      const middle = nested ? first.repeat(times) + second.repeat(times) : (first + second).repeat(times);
      return (begin + middle + end).slice(0, longest);
    });
}

/** One change to a text: which, where, how long, and what is put there. */
type Mutation = [kind: number, at: number, length: number, piece: number];

function mutated(samples: readonly string[], known: readonly string[]): Arbitrary<string> {
  const mutation = fc.tuple(fc.nat(5), fc.nat(0xffff), fc.nat(0xff), fc.nat(0xffff));
  return fc
    .tuple(fc.constantFrom(...samples), fc.array(mutation, { maxLength: 4 }))
    .map(([sample, mutations]) => mutations.reduce((text, change) => mutate(text, change, known), sample));
}

function mutate(text: string, [kind, place, size, piece]: Mutation, known: readonly string[]): string {
  const at = place % (text.length + 1);
  const end = Math.min(text.length, at + 1 + (size % 12));
  const put = known[piece % known.length] ?? "";
  const [before, part, after] = [text.slice(0, at), text.slice(at, end), text.slice(end)];
  switch (kind) {
    case 0:
      return before + after;
    case 1:
      return before + part + part + after;
    case 2:
      return before + after.slice(0, 12) + part + after.slice(12);
    case 3:
      return before + put + part + after;
    case 4:
      return before + put + after;
    default:
      return size < 32 ? before : before + put.repeat(size % 8) + part + after;
  }
}
