import type { Arrow, Room } from "./folders.ts";

export interface Point {
  x: number;
  y: number;
}

export interface Layout {
  width: number;
  height: number;
  /** The middle of each room's box. */
  rooms: ReadonlyMap<string, Point & { width: number }>;
  /** The points that each arrow goes through, in the order of the arrows. */
  lines: readonly (readonly Point[])[];
  /** From where to where each ring reaches, in the order of the rings. */
  bands: readonly { top: number; bottom: number }[];
}

export const BOX_HEIGHT = 28;
const MARGIN = 110;
const LAYER_HEIGHT = 58;
const GAP = 26;
const PORT_GAP = 12;
const ROUNDS = 200;

/** A room, or the place where an arrow passes a layer. */
interface Node {
  layer: number;
  width: number;
  x: number;
  up: Node[];
  down: Node[];
}

/**
 * Places each room below all that import it: rings below each other, and in a ring one layer for each step that its
 * rooms import each other. The method is that of Sugiyama: layers, then an order with few crossings, then straight lines.
 */
export function layOut(rooms: readonly Room[], arrows: readonly Arrow[]): Layout {
  const { layerOf, ringOfLayer } = layersOf(rooms, arrows);
  const nodes = new Map(rooms.map(({ name }) => [name, nodeIn(layerOf.get(name) ?? 0, widthOf(name))]));
  const chains = arrows.map(([from, to]) => chainBetween(nodeOf(nodes, from), nodeOf(nodes, to)));
  const all = new Set([...nodes.values(), ...chains.flat()]);
  const layers = ringOfLayer.map((_, layer) => [...all].filter((node) => node.layer === layer));
  putInOrder(layers);
  straighten(layers);
  const left = Math.min(...[...all].map(({ width, x }) => x - width / 2));
  for (const node of all) node.x = Math.round(node.x - left + MARGIN);
  return {
    width: Math.max(...[...all].map(({ width, x }) => x + width / 2)) + GAP,
    height: layers.length * LAYER_HEIGHT,
    rooms: new Map([...nodes].map(([name, node]) => [name, { x: node.x, y: yOf(node), width: node.width }])),
    lines: chains.map(pointsOf),
    bands: bandsOf(ringOfLayer),
  };
}

function layersOf(rooms: readonly Room[], arrows: readonly Arrow[]) {
  const layerOf = new Map<string, number>();
  const ringOfLayer: number[] = [];
  for (const ring of new Set(rooms.map((room) => room.ring))) {
    const names = new Set(rooms.filter((room) => room.ring === ring).map(({ name }) => name));
    const inRing = arrows.filter(([from, to]) => names.has(from) && names.has(to));
    const depthOf = (name: string): number =>
      Math.max(0, ...inRing.filter(([, to]) => to === name).map(([from]) => depthOf(from) + 1));
    const begin = ringOfLayer.length;
    for (const name of names) layerOf.set(name, begin + depthOf(name));
    const depth = Math.max(...[...names].map((name) => depthOf(name) + 1));
    ringOfLayer.push(...Array<number>(depth).fill(ring));
  }
  return { layerOf, ringOfLayer };
}

function nodeIn(layer: number, width: number): Node {
  return { layer, width, x: 0, up: [], down: [] };
}

/** In pixels, for the picture's letters. */
function widthOf(name: string): number {
  return Math.round(name.length * 7.6) + 20;
}

function nodeOf(nodes: ReadonlyMap<string, Node>, name: string): Node {
  const node = nodes.get(name);
  if (node === undefined) throw new Error(`${name} is no room`);
  return node;
}

/** The two nodes, and between them one for each layer that the arrow passes. */
function chainBetween(from: Node, to: Node): Node[] {
  const passed = Array.from({ length: to.layer - from.layer - 1 }, (_, index) =>
    nodeIn(from.layer + index + 1, 0),
  );
  const chain = [from, ...passed, to];
  for (const [index, node] of chain.entries()) {
    const below = chain[index + 1];
    if (below === undefined) break;
    node.down.push(below);
    below.up.push(node);
  }
  return chain;
}

/** Sorts each layer by its neighbours' places, down and up in turn, and keeps the order with the fewest crossings. */
function putInOrder(layers: Node[][]): void {
  let best = layers.map((layer) => [...layer]);
  let fewest = crossingsIn(layers);
  for (let round = 0; round < ROUNDS; round++) {
    const isDownward = round % 2 === 0;
    for (const layer of isDownward ? layers : [...layers].reverse()) {
      const places = placesIn(layers);
      const wish = (node: Node) => {
        const near = isDownward ? node.up : node.down;
        return near.length === 0
          ? (places.get(node) ?? 0)
          : meanOf(near.map((other) => places.get(other) ?? 0));
      };
      const wishes = new Map(layer.map((node) => [node, wish(node)]));
      layer.sort((a, b) => (wishes.get(a) ?? 0) - (wishes.get(b) ?? 0));
    }
    const crossings = crossingsIn(layers);
    if (crossings >= fewest) continue;
    fewest = crossings;
    best = layers.map((layer) => [...layer]);
  }
  for (const [index, layer] of best.entries()) layers[index] = layer;
}

/** Where each node is in its layer, from 0 to 1, so that layers of any length can be compared. */
function placesIn(layers: readonly Node[][]): Map<Node, number> {
  return new Map(
    layers.flatMap((layer) => layer.map((node, index) => [node, (index + 0.5) / layer.length] as const)),
  );
}

function crossingsIn(layers: readonly Node[][]): number {
  const places = placesIn(layers);
  const place = (node: Node) => places.get(node) ?? 0;
  return layers.reduce((sum, layer) => {
    const lines = layer.flatMap((from) => from.down.map((to) => [place(from), place(to)] as const));
    return (
      sum +
      lines.filter(([a, b], index) => lines.slice(0, index).some(([c, d]) => (a - c) * (b - d) < 0)).length
    );
  }, 0);
}

/** Moves each node towards the middle of its neighbours, as far as the order and the gaps allow. */
function straighten(layers: readonly Node[][]): void {
  for (const layer of layers) spread(layer, () => 0);
  for (let round = 0; round < ROUNDS; round++)
    for (const layer of round % 2 === 0 ? layers : [...layers].reverse()) spread(layer, middleOfNeighbours);
}

/** The piece of an arrow between two layers that it passes weighs more: a long arrow bends at its ends, not everywhere. */
function middleOfNeighbours(node: Node): number {
  const near = [...node.up, ...node.down];
  const weights = near.map((other) => (node.width === 0 && other.width === 0 ? 12 : 1));
  const weight = weights.reduce((sum, each) => sum + each, 0);
  return weight === 0 ? 0 : near.reduce((sum, { x }, index) => sum + x * (weights[index] ?? 0), 0) / weight;
}

/** The nearest places to the wished ones that keep the gaps: a regression of places that may only grow. */
function spread(layer: readonly Node[], wishOf: (node: Node) => number): void {
  let offset = 0;
  const groups: { sum: number; weight: number; nodes: Node[] }[] = [];
  const offsets = new Map<Node, number>();
  for (const [index, node] of layer.entries()) {
    const before = layer[index - 1];
    offset += before === undefined ? 0 : (before.width + node.width) / 2 + GAP;
    offsets.set(node, offset);
    const weight = node.width === 0 ? 3 : 1;
    let group = { sum: (wishOf(node) - offset) * weight, weight, nodes: [node] };
    for (let last = groups.at(-1); last !== undefined; last = groups.at(-1)) {
      if (last.sum / last.weight <= group.sum / group.weight) break;
      groups.pop();
      group = {
        sum: last.sum + group.sum,
        weight: last.weight + group.weight,
        nodes: [...last.nodes, ...group.nodes],
      };
    }
    groups.push(group);
  }
  for (const { nodes, sum, weight } of groups)
    for (const node of nodes) node.x = sum / weight + (offsets.get(node) ?? 0);
}

/** Through the middle of each passed layer; at the boxes spread, so that no two arrows begin or end at one point. */
function pointsOf(chain: readonly Node[]): Point[] {
  return chain.flatMap((node, index) => {
    const [above, below] = [chain[index - 1], chain[index + 1]];
    const y = yOf(node);
    const half = BOX_HEIGHT / 2;
    if (above !== undefined && below !== undefined)
      return [
        { x: node.x, y: y - half },
        { x: node.x, y: y + half },
      ];
    if (below !== undefined) return [{ x: portOf(node, node.down, below), y: y + half }];
    return above === undefined ? [] : [{ x: portOf(node, node.up, above), y: y - half }];
  });
}

function portOf(node: Node, near: readonly Node[], other: Node): number {
  const sorted = [...near].sort((a, b) => a.x - b.x);
  const gap = Math.min(PORT_GAP, (node.width - 12) / near.length);
  return Math.round(node.x + (sorted.indexOf(other) - (near.length - 1) / 2) * gap);
}

function yOf({ layer }: Node): number {
  return (layer + 0.5) * LAYER_HEIGHT;
}

function bandsOf(ringOfLayer: readonly number[]): { top: number; bottom: number }[] {
  return [...new Set(ringOfLayer)].map((ring) => ({
    top: ringOfLayer.indexOf(ring) * LAYER_HEIGHT,
    bottom: (ringOfLayer.lastIndexOf(ring) + 1) * LAYER_HEIGHT,
  }));
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
