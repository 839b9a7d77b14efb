import { posix } from "node:path";
import { composeOf } from "../compose-of.ts";
import { type Facts, linesOf } from "../facts.ts";
import type { Found, Place } from "../finding.ts";
import type { Rule } from "../rule.ts";
import type { MountedFile, Service } from "../service.ts";
import { escapeRegExp } from "./mentions.ts";
import { mountedTexts } from "./mounted-texts.ts";

export const readOnlyConfig: Rule = {
  id: "read-only-config",
  level: "error",
  title: "a config mounted read-only over a path that the app writes",
  check: (facts) =>
    composeOf(facts).services.flatMap((service) =>
      service.files.flatMap((file) => checkFile(service, file, facts)),
    ),
};

function checkFile(service: Service, file: MountedFile, facts: Facts): Found[] {
  const what = `${file.kind} ${file.source} is mounted read-only at ${file.target} in service ${service.name}`;
  const mend = `mount it beside (such as ${posix.join("/run", posix.basename(file.target))}) and let the entrypoint copy it to ${file.target}, or write what changes elsewhere`;
  const written = writtenAt(service, file.target, facts);
  if (written !== null) {
    const message = `${what}, and ${written.who} writes to that path: \`Read-only file system\` or \`Device or resource busy\` at every start`;
    const also = [{ at: written.at, message: `it is written here: ${written.line}` }];
    return [{ message, mend, at: file.at, also }];
  }
  const volume = volumeAbove(service, file);
  if (volume === null) return [];
  return [
    {
      level: "warning",
      message: `${what}, within ${volume}, which the app writes: an app that rewrites its file there (at a start, an upgrade, a new key) cannot`,
      mend: `${mend}; if the app never writes it, say so: \`# canonical-sweep: ignore read-only-config REASON\``,
      at: file.at,
    },
  ];
}

interface Writing {
  who: string;
  line: string;
  at: Place;
}

function writtenAt(service: Service, target: string, facts: Facts): Writing | null {
  const holders = [...service.environment].filter(([, { text }]) => text === target);
  const isWriting = writingOf([target, ...holders.map(([name]) => `\${${name}}`)]);
  const command = service.words
    .map(({ text }) => text)
    .join(" ")
    .slice(0, 4_000);
  const first = service.words[0];
  if (first !== undefined && isWriting(command))
    return { who: "what the service runs", line: first.raw.slice(0, 200), at: first.at };
  for (const { file, text } of mountedTexts(service, facts))
    for (const { line, text: content } of linesOf(text))
      if (!/^\s*#/.test(content) && isWriting(content))
        return { who: file, line: content.trim(), at: { base: "recipe", file, line, column: 1 } };
  const named = holders.find(([name]) => /(^|_)(WRITE|WRITABLE|OUTPUT|GENERATED?|SAVE)(_|$)/i.test(name));
  if (named === undefined) return null;
  return { who: `the app, by ${named[0]},`, line: `${named[0]}=${target}`, at: named[1].at };
}

// Ways of a shell to write a file: redirections, `tee`, and commands that change their arguments.
function writingOf(names: readonly string[]): (line: string) => boolean {
  const target = names.map((name) => nameOf(name)).join("|");
  const file = `["']?(?:${target})(?![\\w./-])`;
  const rest = `[^\\n;|&]*?\\s`;
  const pattern = new RegExp(
    [
      `>\\s*${file}`,
      `\\btee\\s+(?:-\\w+\\s+)*${file}`,
      `\\bsed\\s(?=[^\\n;|&]*?(?<=\\s)(?:-\\w*i|--in-place))${rest}${file}`,
      `\\b(?:chown|chmod|chgrp|rm|mv|truncate|touch|crudini\\s+--set)\\s(?:${rest})?${file}`,
      `\\b(?:cp|ln|install)\\s${rest}${file}["']?\\s*(?:$|[;|&)])`,
    ].join("|"),
    "m",
  );
  return (line) => pattern.test(line);
}

// `${NAME}` equals `$NAME`.
function nameOf(name: string): string {
  const variable = /^\$\{(\w+)\}$/.exec(name)?.[1];
  return variable === undefined ? escapeRegExp(name) : `\\$\\{?${variable}\\}?`;
}

function volumeAbove(service: Service, { target, mode }: MountedFile): string | null {
  const isProgram = /\.(sh|bash|py|js|mjs|php|rb|pl|so|css)$/.test(target) || /[1357]/.test(mode.slice(-3));
  if (isProgram) return null;
  const mount = service.mounts.find(
    ({ source, target: above }) =>
      /^[a-zA-Z0-9]/.test(source) && above !== "/" && target.startsWith(`${above.replace(/\/$/, "")}/`),
  );
  return mount === undefined ? null : `the volume ${mount.source} (${mount.target})`;
}
