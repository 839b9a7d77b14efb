import { ALL_RINGS, arrowsOf, roomsOf } from "./folders.ts";
import { BOX_HEIGHT, layOut, type Point } from "./layout.ts";
import type { SourceFile } from "./source.ts";

/** One for each ring, outermost first. */
const COLOURS = ["#7c3aed", "#2563eb", "#0e7490", "#15803d", "#b45309", "#be123c", "#334155"];

/** The folders of the sources in their rings, and which stands on which, as the text of an SVG file. */
export function drawMap(files: readonly SourceFile[]): string {
  const rooms = roomsOf(files);
  const arrows = arrowsOf(files);
  const { bands, height, lines, rooms: places, width } = layOut(rooms, arrows);
  const colourOf = new Map(rooms.map(({ name, ring }) => [name, COLOURS[ring] ?? "#000"]));
  const rings = [...new Set(rooms.map(({ ring }) => ring))];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="DejaVu Sans, Verdana, sans-serif" font-size="12">`,
    "<title>The folders of src in their rings: an arrow leads from a folder to one that it imports</title>",
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    ...bands.map(({ bottom, top }, index) => bandOf(top, bottom - top, width, rings[index] ?? 0)),
    ...arrows.map(([from], index) => lineThrough(lines[index] ?? [], colourOf.get(from) ?? "#000")),
    ...[...places].map(([name, place]) => boxOf(name, place, colourOf.get(name) ?? "#000")),
    `<text x="${width - 14}" y="${height - 12}" text-anchor="end" fill="${COLOURS.at(-1)}">everybody may import core: those arrows are not drawn</text>`,
    "</svg>",
    "",
  ].join("\n");
}

function bandOf(top: number, height: number, width: number, ring: number): string {
  const colour = COLOURS[ring] ?? "#000";
  return [
    `<rect y="${top}" width="${width}" height="${height}" fill="${colour}" fill-opacity="0.07"/>`,
    `<text x="14" y="${top + 22}" fill="${colour}" font-size="14" font-weight="bold">${ALL_RINGS[ring]?.name}</text>`,
  ].join("");
}

/** Straight down where it passes a layer, a curve from one layer to the next, and a head at its end. */
function lineThrough(points: readonly Point[], colour: string): string {
  const [first = { x: 0, y: 0 }, ...others] = points;
  let at = first;
  const pieces = others.map((to) => {
    const middle = (at.y + to.y) / 2;
    const piece = at.x === to.x ? `V${to.y}` : `C${at.x} ${middle} ${to.x} ${middle} ${to.x} ${to.y}`;
    at = to;
    return piece;
  });
  return [
    `<path d="M${first.x} ${first.y}${pieces.join("")}" fill="none" stroke="${colour}" stroke-opacity="0.75" stroke-width="1.3"/>`,
    `<path d="M${at.x} ${at.y}l-4 -8h8z" fill="${colour}"/>`,
  ].join("");
}

function boxOf(name: string, { width, x, y }: Point & { width: number }, colour: string): string {
  return [
    `<rect x="${x - width / 2}" y="${y - BOX_HEIGHT / 2}" width="${width}" height="${BOX_HEIGHT}" rx="5" fill="#fff" stroke="${colour}"/>`,
    `<text x="${x}" y="${y + 4}" text-anchor="middle">${name}</text>`,
  ].join("");
}
