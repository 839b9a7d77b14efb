import { entriesOf, type Located, type Problem, startOf } from "../../compose/located.ts";
import { type JudgedApp, permissionsOf } from "../../compose/permissions.ts";
import type { EnvEntry } from "../recipe-files/env-file.ts";
import type { Release } from "../recipe-files/release.ts";

/**
 * Permissions that a release asks for, and in plain words all places that abra, which reads the files itself, might
 * read differently: only text that all readers read alike can be judged.
 */
export function permissionsForAbra(release: Release, app: JudgedApp): string[] {
  const doubts = [...release.doubts, ...doubtfulVariables(release)];
  const said = doubts.map(({ message, at }) => `${at.file}:${at.line}: ${message}`);
  return [...permissionsOf(release.compose, app), ...new Set(said)].sort();
}

/** Keys whose text goes into a container and cannot reach out of it. */
const FREE_TEXT: ReadonlySet<string> = new Set([
  ...["environment", "labels", "command", "entrypoint", "healthcheck", "hostname", "image"],
]);
/** A value that every reader of an `.env` reads alike, with or without quotes around it. */
const PLAIN = /^(?:[\w.,:/@%+=-]*|"[\w.,:/@%+= -]*"|'[\w.,:/@%+= -]*')$/;

/** Variables of abra's own process, besides those of the app. */
const OF_ABRA =
  /^(?:PATH|HOME|PWD|OLDPWD|SHELL|SHLVL|TERM|USER|LOGNAME|_|LANG|LC_\w+|TMPDIR|ABRA_\w+|SWEEP_\w+)$/;

function doubtfulVariables({ files, entries, variables }: Release): Problem[] {
  const used = new Set(["COMPOSE_FILE", ...files.flatMap(({ root }) => namesIn(root))]);
  const notSet = [...used].filter((name) => !Object.hasOwn(variables, name) && OF_ABRA.test(name));
  const notPlain = entries.filter((entry) => used.has(entry.name) && !PLAIN.test(entry.raw));
  return [...notPlain.map(doubtOf), ...notSet.map(ofAbra)];
}

function ofAbra(name: string): Problem {
  const message = `${name} is not set in .env.sample, and abra's own process has a variable of that name`;
  return { message, at: startOf("compose.yml") };
}

function doubtOf({ name }: EnvEntry): Problem {
  const message = `the value of ${name} is read differently by others, and says more than a text: write it plainly, without quotes within it, blanks, \`$\` and \`\\\``;
  return { message, at: startOf(".env.sample") };
}

/** The variables in places from which they could reach out of a container. */
function namesIn(root: Located): string[] {
  const seen = new Set<Located>();
  const names = (node: Located): string[] => {
    // An aliased value is looked at only once.
    if (seen.has(node)) return [];
    seen.add(node);
    if (node.kind === "scalar")
      return [...node.raw.matchAll(/\$\{?([A-Za-z_]\w*)/g)].map(([, name = ""]) => name);
    return node.kind === "list"
      ? node.items.flatMap(names)
      : entriesOf(node).flatMap(([, { value }]) => names(value));
  };
  return entriesOf(root).flatMap(([section, { value }]) =>
    section === "services"
      ? entriesOf(value).flatMap(([, service]) => reaching(service.value).flatMap(names))
      : names(value),
  );
}

function reaching(service: Located): Located[] {
  return entriesOf(service).flatMap(([key, { value }]) => (FREE_TEXT.has(key) ? [] : [value]));
}
