import type { Canonical } from "../core/canonical.ts";
import type { Inventory } from "../core/read-back.ts";

/**
 * What stands at a warm app's name and is not its canonical's. What was adopted carries no label of ours: it is
 * named in the record instead, and is a volume, secret or config.
 */
export function foreignTo(record: Pick<Canonical, "adoptedObjects"> | null, inventory: Inventory): string[] {
  const adopted = new Set(
    (record?.adoptedObjects ?? []).flatMap((name) =>
      ["volume", "secret", "config"].map((kind) => `${kind} ${name}`),
    ),
  );
  return inventory.foreign.filter((line) => !adopted.has(line));
}
