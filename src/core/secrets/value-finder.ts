/** A place of one of the values in a text. */
export interface Found {
  begin: number;
  end: number;
}

/**
 * Finds all places of many values in a text, in one pass (Aho and Corasick, 1975): values chosen by others must not
 * make it slower. Overlapping values make one place. `counts` may reject a place by its surroundings.
 */
export function createFinder(
  values: Iterable<string>,
  counts: (text: string, place: Found) => boolean,
): (text: string) => Found[] {
  const tree = treeOf(values);
  return (text) => {
    const found: Found[] = [];
    let node = 0;
    for (let at = 0; at < text.length; at += 1) {
      node = step(tree, node, text.charCodeAt(at));
      for (let end = node; end !== 0; end = tree.shorter[end] ?? 0) {
        const place = { begin: at + 1 - (tree.lengths[end] ?? 0), end: at + 1 };
        if (place.begin === place.end || !counts(text, place)) continue;
        join(found, place);
        break;
      }
    }
    return found;
  };
}

/** Nodes by number, 0 the root. The path from the root spells a value. */
interface Tree {
  /** The letter that leads to each node, and its parent. */
  letters: number[];
  parents: number[];
  depths: number[];
  /** The first child of each node, usually its only one; 0: none. Further children are in `others`. */
  first: number[];
  others: (Map<number, number> | undefined)[];
  /** The length of the value that ends here; 0: none. */
  lengths: number[];
  /** The node to continue from if no child matches: the longest suffix of the path that is also a node. */
  fallback: number[];
  /** The next shorter value that also ends here. */
  shorter: number[];
}

function treeOf(values: Iterable<string>): Tree {
  const tree: Tree = {
    letters: [0],
    parents: [0],
    depths: [0],
    first: [0],
    others: [undefined],
    lengths: [0],
    fallback: [0],
    shorter: [0],
  };
  for (const value of values) add(tree, value);
  const byDepth = [...tree.parents.keys()].sort((a, b) => (tree.depths[a] ?? 0) - (tree.depths[b] ?? 0));
  for (const node of byDepth.slice(1)) {
    const parent = tree.parents[node] ?? 0;
    const fallback = parent === 0 ? 0 : step(tree, tree.fallback[parent] ?? 0, tree.letters[node] ?? 0);
    tree.fallback[node] = fallback;
    tree.shorter[node] = (tree.lengths[fallback] ?? 0) > 0 ? fallback : (tree.shorter[fallback] ?? 0);
  }
  return tree;
}

function add(tree: Tree, value: string): void {
  let node = 0;
  for (let at = 0; at < value.length; at += 1) {
    const letter = value.charCodeAt(at);
    node = spelledOn(tree, node, letter) ?? addNode(tree, node, letter);
  }
  tree.lengths[node] = value.length;
}

function addNode(tree: Tree, parent: number, letter: number): number {
  const node = tree.parents.push(parent) - 1;
  tree.letters.push(letter);
  tree.depths.push((tree.depths[parent] ?? 0) + 1);
  for (const numbers of [tree.first, tree.lengths, tree.fallback, tree.shorter]) numbers.push(0);
  tree.others.push(undefined);
  if (tree.first[parent] === 0) tree.first[parent] = node;
  else tree.others[parent] = (tree.others[parent] ?? new Map()).set(letter, node);
  return node;
}

function spelledOn({ first, letters, others }: Tree, node: number, letter: number): number | undefined {
  const next = first[node] ?? 0;
  return next !== 0 && letters[next] === letter ? next : others[node]?.get(letter);
}

function step(tree: Tree, from: number, letter: number): number {
  for (let node = from; ; node = tree.fallback[node] ?? 0) {
    const next = spelledOn(tree, node, letter);
    if (next !== undefined || node === 0) return next ?? 0;
  }
}

// Places are added in the order of their ends.
function join(found: Found[], { begin, end }: Found): void {
  let from = begin;
  for (let last = found.at(-1); last !== undefined && last.end > from; last = found.at(-1)) {
    from = Math.min(from, last.begin);
    found.pop();
  }
  found.push({ begin: from, end });
}
