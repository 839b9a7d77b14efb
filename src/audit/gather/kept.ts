import { join } from "node:path";
import { readKept } from "../../canonical/store.ts";
import { messageOf } from "../../fault.ts";
import { isPrivate } from "../../state/file-facts.ts";
import type { KeptSeen, Seen } from "../facts.ts";

/** The files kept with a canonical, without the values of its secrets. */
export function keptIn(folder: string): Seen<KeptSeen> {
  try {
    const kept = readKept(folder);
    const open = [".env", "secrets.json"].filter((name) => !isPrivate(join(folder, name)));
    return {
      state: "seen",
      value: { env: kept !== null && kept.env !== null, secrets: Object.keys(kept?.secrets ?? {}), open },
    };
  } catch (error) {
    return { state: "unseen", problem: messageOf(error) };
  }
}
