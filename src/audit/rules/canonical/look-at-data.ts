import type { ProvenFacts } from "../../facts.ts";

/** The command that shows one volume of a canonical; the command driver's one volume is a folder. */
export function lookAtData({ record, paths }: ProvenFacts, volume: string): string {
  return record.driver === "command" || volume === ""
    ? `ls -la ${paths.data}`
    : `docker volume inspect ${volume}`;
}
