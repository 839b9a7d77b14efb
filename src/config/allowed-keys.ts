import { z } from "zod";

interface Shape {
  properties?: Record<string, Shape>;
  additionalProperties?: Shape | boolean;
  items?: Shape;
}

/** The keys that a schema (one without unions) knows at this path. */
export function allowedKeys(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  const found = path.reduce<Shape | undefined>(below, shapeOf(schema));
  return Object.keys(found?.properties ?? {});
}

/** The most likely intended key; null if none is close. */
export function nearest(key: string, known: readonly string[]): string | null {
  const wanted = key.toLowerCase();
  const ranked = known
    .map((name) => ({ name, distance: distance(wanted, name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best !== undefined && best.distance <= Math.max(1, Math.floor(wanted.length / 3)) ? best.name : null;
}

const SHAPES = new WeakMap<z.ZodType, Shape>();

// Built once: a file may have a thousand unknown keys.
function shapeOf(schema: z.ZodType): Shape {
  const known = SHAPES.get(schema);
  if (known !== undefined) return known;
  const shape = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as Shape;
  SHAPES.set(schema, shape);
  return shape;
}

function below(shape: Shape | undefined, key: PropertyKey): Shape | undefined {
  if (typeof key === "number") return shape?.items;
  const named = shape?.properties?.[String(key)];
  if (named !== undefined) return named;
  return typeof shape?.additionalProperties === "object" ? shape.additionalProperties : undefined;
}

/** Levenshtein's distance. */
function distance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row++) {
    const line = [row];
    for (let column = 1; column <= b.length; column++) {
      const change = (above[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      line.push(Math.min(change, (above[column] ?? 0) + 1, (line[column - 1] ?? 0) + 1));
    }
    above = line;
  }
  return above[b.length] ?? 0;
}
