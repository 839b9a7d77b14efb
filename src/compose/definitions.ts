import { posix } from "node:path";
import { type Compose, type ComposeFile, type Definition, placeOf, SECTION_NAMES } from "./compose.ts";
import type { ValueMap } from "./form.ts";
import type { Report } from "./located.ts";
import { isOfGit } from "./read-part.ts";

/** The definitions in the form in which they are judged and deployed. */
export function definitions(
  compose: Compose,
  files: readonly ComposeFile[],
  folder: string,
  report: Report,
): Partial<Compose> {
  const names = SECTION_NAMES.filter((name) => name !== "services");
  return Object.fromEntries(
    names.map((section) => [
      section,
      Object.fromEntries(
        Object.entries(compose[section]).map(([key, definition]) => {
          const at = placeOf(files, section, key);
          const complain = (message: string) => report(`${section}.${key}: ${message}`, at);
          const isFile = section === "configs" || section === "secrets";
          if (definition.external !== undefined && definition.external !== false)
            return [key, ofOthers(key, definition, complain)];
          return [key, own(definition, isFile ? folder : null, complain)];
        }),
      ),
    ]),
  );
}

function ofOthers(key: string, definition: Definition, report: (message: string) => void): Definition {
  const { external, name, ...rest } = definition;
  const older = typeof external === "object" ? (external as ValueMap | null)?.name : undefined;
  if (older !== undefined && name !== undefined) report("external.name and name conflict; only use name");
  const other = Object.keys(rest)[0];
  if (other !== undefined) report(`conflicting parameters "external" and "${other}" specified`);
  return { external: true, name: name ?? older ?? key };
}

// Paths are relative to the folder of the first compose file.
function own(
  { external: _no, file, ...definition }: Definition,
  folder: string | null,
  report: (message: string) => void,
): Definition {
  if (folder === null) return definition;
  if (typeof file === "string" && isOfGit(file)) report(`the file ${file} is git's own, and in no commit`);
  if (typeof file === "string" && file !== "")
    return { ...definition, file: posix.isAbsolute(file) ? file : posix.normalize(posix.join(folder, file)) };
  report("it has no `file`, and nobody else makes it");
  return definition;
}
