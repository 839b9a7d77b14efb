import { randomBytes } from "node:crypto";
import { Fault } from "../fault.ts";
import { readTextIfAny, writeWhole } from "./files.ts";

/**
 * The id of a state folder, made on first use. Every object we make carries it; only objects with it are ever removed.
 */
export function readStateId(path: string): string {
  const text = readTextIfAny(path);
  if (text === null) return createId(path);
  const id = text.trim();
  if (/^[0-9a-f]{16}$/.test(id)) return id;
  throw new Fault(
    "machinery",
    `${path} does not hold the id of a state folder`,
    "restore the file: without it nothing of this state folder can be told from what others made",
  );
}

/** The id of a state folder that already has one; null if nothing was ever made for it. */
export function existingStateId(path: string): string | null {
  return readTextIfAny(path) === null ? null : readStateId(path);
}

function createId(path: string): string {
  const id = randomBytes(8).toString("hex");
  writeWhole(path, `${id}\n`);
  return id;
}
