import { posix } from "node:path";
import { BOUNDS } from "./bounds.ts";
import {
  type Compose,
  type ComposeFile,
  type ComposeReading,
  type ComposeRequest,
  placeOf,
  type ReadFile,
  SECTION_NAMES,
  type SectionName,
} from "./compose.ts";
import { definitions } from "./definitions.ts";
import { fill, lookupIn } from "./fill.ts";
import type { Value, ValueMap } from "./form.ts";
import { SECTIONS } from "./forms.ts";
import { type Report, startOf, type Text } from "./located.ts";
import { bytesOf, isOfGit, readPart } from "./read-part.ts";
import { readYaml } from "./read-yaml.ts";
import { readSourceText } from "./source-text.ts";

/** Reads the compose files that `COMPOSE_FILE` picks (separated by `:`), or `compose.yml`. */
export function readCompose(given: ComposeRequest): ComposeReading {
  const request = { ...given, readFile: bounded(given.readFile) };
  const reading: ComposeReading = { compose: null, problems: [], doubts: [], files: [] };
  const paths = pathsOf(request.picked, reading);
  for (const path of paths) readFile(path, request, reading);
  if (paths.length === 0 || reading.files.length < paths.length) return reading;
  const report: Report = (message, at) => void reading.problems.push({ message, at });
  const folder = posix.dirname(paths[0] ?? "");
  const parts = reading.files.map((file) => readPart(file, folder, request, report));
  refuseMixedVersions(parts, reading.files, report);
  const compose = parts.reduce((base, over) => mergeParts(base, over));
  reading.compose = { ...compose, ...definitions(compose, reading.files, folder, report) };
  refuseUndefined(reading.compose, reading.files, report);
  boundServices(reading.compose, reading.files, report);
  return reading;
}

function bounded(read: ReadFile): ReadFile {
  let bytes = 0;
  return (path) => {
    const content = bytes > BOUNDS.readBytes ? null : read(path);
    bytes += content?.length ?? 0;
    if (bytes > BOUNDS.readBytes) throw new Error(`more than ${BOUNDS.readBytes} bytes of files are read`);
    return content;
  };
}

function pathsOf(picked: Text | null, { problems, doubts }: ComposeReading): string[] {
  const at = picked?.at ?? startOf("compose.yml");
  const names = (picked?.text ?? "").split(":").filter((name) => name !== "");
  if (names.length > BOUNDS.files) {
    problems.push({
      message: `COMPOSE_FILE names ${names.length} files; at most ${BOUNDS.files} are read`,
      at,
    });
    return [];
  }
  const paths = (names.length === 0 ? ["compose.yml"] : names).map((name) => posix.normalize(name));
  for (const path of paths) {
    if (posix.isAbsolute(path) || path.startsWith("..") || path.startsWith("-") || isOfGit(path))
      problems.push({ message: `COMPOSE_FILE names a file outside of the recipe: ${path}`, at });
    if (!/^[\w./-]+$/.test(path))
      doubts.push({
        message: `the name of the file ${JSON.stringify(path)} is read differently by others`,
        at,
      });
  }
  return problems.length === 0 ? paths : [];
}

function readFile(
  path: string,
  { readFile: read, variables, picked }: ComposeRequest,
  reading: ComposeReading,
): void {
  const at = startOf(path);
  const bytes = bytesOf(path, read);
  if (typeof bytes === "string") return void reading.problems.push({ message: bytes, at: picked?.at ?? at });
  const source = readSourceText(bytes);
  if ("problem" in source)
    return void reading.problems.push({
      message: `${path}: ${source.problem}`,
      at: { ...at, line: source.line },
    });
  const lookup = lookupIn(variables);
  const yaml = readYaml(path, source.text, (text) => fill(text, lookup));
  reading.problems.push(...yaml.problems.map(({ message, at }) => ({ message: `${path}: ${message}`, at })));
  reading.doubts.push(...yaml.doubts);
  if (yaml.root !== null) reading.files.push({ file: path, root: yaml.root });
}

function refuseMixedVersions(parts: readonly Compose[], files: readonly ComposeFile[], report: Report): void {
  const [first] = parts;
  const other = parts.findIndex(({ version }) => version !== first?.version);
  if (other > 0)
    report(
      `version mismatched between two composefiles : ${first?.version} and ${parts[other]?.version}`,
      startOf(files[other]?.file ?? ""),
    );
}

function mergeParts(base: Compose, over: Compose): Compose {
  const merged = SECTION_NAMES.map((name) => [
    name,
    (SECTIONS[name] as { merge(base: Value, over: Value): Value }).merge(base[name], over[name]),
  ]);
  return { version: base.version, ...(Object.fromEntries(merged) as Omit<Compose, "version">) };
}

function boundServices({ services }: Compose, files: readonly ComposeFile[], report: Report): void {
  const names = Object.keys(services);
  const first = startOf(files[0]?.file ?? "compose.yml");
  if (names.length > BOUNDS.services)
    report(`${names.length} services; at most ${BOUNDS.services} are deployed`, first);
}

/**
 * Reports names that services use and nothing defines, in Docker's words. Docker would create such a network before it
 * refuses the service, and nothing would say whose it is.
 */
function refuseUndefined(compose: Compose, files: readonly ComposeFile[], report: Report): void {
  for (const [name, service] of Object.entries(compose.services)) {
    const networks = Object.keys(service.networks ?? {}).filter((network) => network !== "default");
    const volumes = (service.volumes ?? []).flatMap(({ type, source }) =>
      type === "volume" && typeof source === "string" ? [source] : [],
    );
    const wanted: [kind: string, section: SectionName, names: readonly string[]][] = [
      ["network", "networks", networks],
      ["volume", "volumes", volumes],
      ["config", "configs", sourcesOf(service.configs)],
      ["secret", "secrets", sourcesOf(service.secrets)],
    ];
    for (const [kind, section, names] of wanted)
      for (const missing of names.filter((each) => !Object.hasOwn(compose[section], each)))
        report(`service ${name}: undefined ${kind} "${missing}"`, placeOf(files, "services", name));
  }
}

function sourcesOf(files: unknown): string[] {
  return ((files ?? []) as readonly ValueMap[]).flatMap(({ source }) =>
    typeof source === "string" ? [source] : [],
  );
}
