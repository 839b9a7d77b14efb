import { RINGS } from "./rules.ts";
import { importsOf, type SourceFile } from "./source.ts";

/** A folder of `src`, or a file that lies in `src` itself. */
export interface Room {
  name: string;
  /** The place of its ring in `ALL_RINGS`, 0 for the outermost. */
  ring: number;
}

export type Arrow = readonly [from: string, to: string];

/** The rings of the rules, and below them `core`, which everybody may import. */
export const ALL_RINGS: readonly { name: string; has: readonly string[] }[] = [
  ...RINGS,
  { name: "core", has: ["core"] },
];

/** Every room of the sources, outermost ring first, in a ring by name. */
export function roomsOf(files: readonly SourceFile[]): Room[] {
  return [...new Set(files.map(({ path }) => topOf(path)))]
    .map((name) => ({ name, ring: ALL_RINGS.findIndex(({ has }) => has.includes(name)) }))
    .sort((a, b) => a.ring - b.ring || (a.name < b.name ? -1 : 1));
}

/**
 * Which room imports which, types included, without the arrows that follow from others: where `a` imports `b`, and `b`
 * imports `c`, the arrow from `a` to `c` is left out. Arrows to `core` are left out too.
 */
export function arrowsOf(files: readonly SourceFile[]): Arrow[] {
  const next = new Map<string, Set<string>>();
  for (const file of files)
    for (const { isOurs, target } of importsOf(file)) {
      const [from, to] = [topOf(file.path), topOf(target)];
      if (isOurs && from !== to && to !== "core") next.set(from, (next.get(from) ?? new Set()).add(to));
    }
  return [...next]
    .flatMap(([from, goals]) =>
      [...goals].filter((to) => !isReachedByOther(next, goals, to)).map((to) => [from, to] as const),
    )
    .sort(([a, b], [c, d]) => (`${a} ${b}` < `${c} ${d}` ? -1 : 1));
}

function isReachedByOther(
  next: ReadonlyMap<string, Set<string>>,
  goals: ReadonlySet<string>,
  to: string,
): boolean {
  const open = [...goals].filter((goal) => goal !== to);
  const seen = new Set(open);
  for (const room of seen) for (const further of next.get(room) ?? []) seen.add(further);
  return seen.has(to);
}

function topOf(path: string): string {
  return path.split("/")[0] ?? "";
}
