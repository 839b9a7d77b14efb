import type { Canonical } from "../core/canonical.ts";
import type { Inventory } from "../core/read-back.ts";

/**
 * Objects with a warm app's name that are not its canonical's. Adopted objects carry no label of ours: the record names
 * them instead; they are volumes, secrets or configs.
 */
export function foreignTo(record: Pick<Canonical, "adoptedObjects"> | null, inventory: Inventory): string[] {
  const adopted = new Set(
    (record?.adoptedObjects ?? []).flatMap((name) =>
      ["volume", "secret", "config"].map((kind) => `${kind} ${name}`),
    ),
  );
  return inventory.foreign.filter((line) => !adopted.has(line));
}
