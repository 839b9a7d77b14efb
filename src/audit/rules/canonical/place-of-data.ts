import { traitsOf } from "../../../core/driver-traits.ts";
import type { ProvenFacts } from "../../facts.ts";

/** Where one volume of a canonical is, in words: the folder, where its data lies in one. */
export function placeOfData({ record, paths }: ProvenFacts, volume: string): string {
  return isFolder(record) ? paths.data : `the volume ${volume}`;
}

/** The command that shows one volume of a canonical. */
export function lookAtData({ record, paths }: ProvenFacts, volume: string): string {
  return isFolder(record) || volume === "" ? `ls -la ${paths.data}` : `docker volume inspect ${volume}`;
}

function isFolder({ driver }: ProvenFacts["record"]): boolean {
  return traitsOf(driver)?.dataIs === "folder";
}
