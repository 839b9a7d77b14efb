import { formatBytes } from "../core/duration.ts";
import { type Holder, largestOf } from "../environment/disk.ts";
import type { Context } from "../run/context.ts";
import { holdersOf } from "../run/disk.ts";
import { nearestExisting } from "../state/file-facts.ts";
import { freeBytes } from "../state/files.ts";
import { type Check, fault, fine, unknown } from "./check.ts";

/** Free space at the state folder, against `disk: { minFree }`. */
export function checkDisk({ config, state }: Context): Check[] {
  const place = nearestExisting(state.root);
  return [freeSpace(place, freeBytes(place), config.disk.minFree)];
}

/** Space held by all canonicals, against `disk: { canonicals }`. */
export function checkCanonicals(context: Context): Check[] {
  return [budget(holdersOf(context), context.config.disk.canonicals)];
}

function freeSpace(place: string, free: number | null, minFree: number): Check {
  const name = "disk";
  if (free === null)
    return unknown(name, `how much is free at ${place} cannot be asked`, "look at it", `df -h ${place}`);
  const found = `${formatBytes(free)} free at ${place}, \`disk: { minFree }\` is ${formatBytes(minFree)}`;
  if (free >= minFree) return fine(name, found);
  return fault(name, found, "free some space there, or lower `disk: { minFree }`", `du -xhd1 ${place}`);
}

function budget(holders: readonly Holder[], most: number): Check {
  const held = holders.reduce((sum, { bytes }) => sum + bytes, 0);
  const found = `they hold ${formatBytes(held)}${largestOf(holders)}, \`disk: { canonicals }\` is ${formatBytes(most)}`;
  if (held <= most) return fine("canonicals", found);
  return fault("canonicals", found, "raise `disk: { canonicals }`, or give canonicals up");
}
