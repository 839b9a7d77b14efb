import { posix } from "node:path";
import { nameInDocker } from "../../compose/compose.ts";
import { type Text, textOf, valueAt } from "../../compose/located.ts";
import { type Facts, linesOf, type ReleaseFacts } from "../facts.ts";
import type { Found, Place } from "../finding.ts";
import type { Rule } from "../rule.ts";

export const configVersionUnchanged: Rule = {
  id: "config-version-unchanged",
  level: "error",
  title: "a config whose file changed and whose version did not",
  check: (facts) => {
    const { base, upgraded } = facts;
    if (base === null || upgraded === null) return [];
    return (["configs", "secrets"] as const).flatMap((section) => {
      const before = filesBehind(base, section, facts);
      return filesBehind(upgraded, section, facts).flatMap((config) => {
        const old = before.find(({ name }) => name === config.name);
        return old === undefined || old.object === config.object ? [] : [describe(config, facts)];
      });
    });
  },
};

/** A config or secret made from a file. */
interface FileBehind {
  key: string;
  /** In Docker. */
  name: string;
  file: string;
  object: string;
  /** Its name as written; null if Docker derives it from the key. */
  written: Text | null;
  at: Place;
}

function filesBehind(
  { compose, files }: ReleaseFacts,
  section: "configs" | "secrets",
  { stack }: Facts,
): FileBehind[] {
  if (compose.state !== "read") return [];
  return [...compose.compose.definitions[section]].flatMap(([key, { at, value }]): FileBehind[] => {
    const path = textOf(valueAt(value, "file"));
    const written = textOf(valueAt(value, "name"));
    if (path === null || valueAt(value, "external") !== undefined) return [];
    const file = posix.normalize(path.text);
    const object = files.get(file)?.object;
    if (object === undefined) return [];
    const name = nameInDocker(stack, key, written === null ? {} : { name: written.text });
    return [{ key, name, file, object, written, at: path.at ?? at }];
  });
}

function describe(config: FileBehind, facts: Facts): Found {
  const { key, file, written } = config;
  const from = facts.base?.version ?? "";
  const variable = /\$\{?([A-Za-z_]\w*VERSION\w*)/.exec(written?.raw ?? "")?.[1];
  const exported = variable === undefined ? null : lineOfExport(facts, variable);
  return {
    message: `${file} changed since ${from} and the config ${key} still has the name ${config.name}: Docker refuses the upgrade with \`only updates to Labels are allowed\``,
    mend:
      variable === undefined
        ? `give the config a name with a version, \`name: \${STACK_NAME}_${key}_\${${key.toUpperCase().replaceAll(/\W/g, "_")}_VERSION}\`, and export that version in abra.sh`
        : `raise ${variable} ${exported === null ? "where it is set" : "in abra.sh"} in the commit that changes ${file}`,
    at: exported ?? config.at,
    ...(exported === null ? {} : { also: [{ at: config.at, message: `the file of config ${key}` }] }),
  };
}

function lineOfExport({ release }: Facts, variable: string): Place | null {
  const lines = linesOf(release.files.get("abra.sh")?.text ?? "");
  const line = lines.findLast(({ text }) => new RegExp(`^export\\s+${variable}=`).test(text));
  return line === undefined ? null : { base: "recipe", file: "abra.sh", line: line.line, column: 1 };
}
