import { GitError } from "simple-git";
import type { Toolbox } from "../command/toolbox.ts";
import { exists } from "../state/files.ts";
import { TAGS } from "./bare.ts";
import { gitWords } from "./git-words.ts";
import { KEPT } from "./keep.ts";
import { localGit } from "./local-git.ts";

/** The object of a ref, and its commit after peeling; they are the same if the ref names a commit. */
export interface PeeledRef {
  object: string;
  commit: string;
}

/**
 * The tags and kept refs of a bare mirror by full name, completely peeled; a problem if there is no mirror or git
 * cannot read it.
 */
export async function readPeeled(
  bare: string,
  tools: Toolbox,
): Promise<{ refs: Map<string, PeeledRef> } | { problem: string }> {
  if (!exists(bare)) return { problem: `${bare} is not there` };
  try {
    return { refs: parsePeeled(await localGit(bare, tools).raw(["show-ref", "--dereference"])) };
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    return { problem: `${bare}: ${gitWords(error.message)}` };
  }
}

/** Reads `OBJECT NAME` and `COMMIT NAME^{}` lines. */
function parsePeeled(text: string): Map<string, PeeledRef> {
  const refs = new Map<string, PeeledRef>();
  for (const line of text.split("\n")) {
    const [, object = "", name = ""] = /^([0-9a-f]{40,64}) (.+)$/.exec(line) ?? [];
    const peeled = name.endsWith("^{}") ? refs.get(name.slice(0, -"^{}".length)) : undefined;
    if (peeled !== undefined) peeled.commit = object;
    else if (name.startsWith(TAGS) || name.startsWith(KEPT)) refs.set(name, { object, commit: object });
  }
  return refs;
}
