import { posix } from "node:path";
import { textOf, valueAt } from "../../compose/located.ts";
import { composeOf } from "../compose-of.ts";
import type { Facts } from "../facts.ts";
import type { Service } from "../service.ts";

/** The recipe's own files mounted into a service as configs. */
export function mountedTexts(service: Service, facts: Facts): { file: string; text: string }[] {
  const { compose } = composeOf(facts);
  return service.files.flatMap(({ kind, source }) => {
    if (kind !== "config") return [];
    const path = textOf(valueAt(compose?.definitions.configs.get(source)?.value, "file"))?.text;
    if (path === undefined) return [];
    const file = posix.normalize(path);
    const text = facts.release.files.get(file)?.text ?? null;
    return text === null ? [] : [{ file, text }];
  });
}
