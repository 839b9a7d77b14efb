import { type Facts, linesOf } from "../facts.ts";
import type { Place } from "../finding.ts";
import type { Service } from "../service.ts";
import { mountedTexts } from "./mounted-texts.ts";

/** A place where a service mentions another by name. */
export interface Mention {
  name: string;
  /** For people: `environment NAME`, the file's path. */
  where: string;
  at: Place;
}

// `HOSTNAME` alone is a container's own name.
const VARIABLE_OF_HOST = /\w_(HOST|HOSTNAME|SERVER|ADDR|ADDRESS|UPSTREAM|BACKEND)$/i;
/** Comments, and places where `app:1000` is a user. */
const NO_MENTION = /^\s*(#|\/\/|;)|\b(chown|chgrp|user|uid)\b/;

/** The first place where a service mentions each of these hosts: in its environment, its commands, its configs. */
export function mentionsOf(service: Service, names: readonly string[], facts: Facts): Map<string, Mention> {
  const mentions = new Map<string, Mention>();
  const hosts = hostsPattern(names);
  const look = (text: string, where: string, at: Place) => {
    for (const found of text.matchAll(hosts)) {
      const name = found[1] ?? found[2] ?? "";
      if (!mentions.has(name)) mentions.set(name, { name, where, at });
    }
  };
  for (const [variable, { text, at }] of service.environment) {
    const where = `environment ${variable}`;
    look(VARIABLE_OF_HOST.test(variable) ? `//${text.trim()}` : text, where, at);
  }
  for (const { text, at } of service.words) look(text, "what it runs", at);
  for (const { file, text } of mountedTexts(service, facts))
    for (const line of linesOf(text)) {
      const at: Place = { base: "recipe", file, line: line.line, column: firstColumn(line.text) };
      if (!NO_MENTION.test(line.text)) look(line.text, `the config ${file}`, at);
    }
  return mentions;
}

// A host in an address, or before a port. `x_app`, `x.app` and `app.x` are other names, `@app` is a location of nginx,
// `///app` a path.
function hostsPattern(names: readonly string[]): RegExp {
  const host = `(?:tasks\\.)?(${names.map(escapeRegExp).join("|")})`;
  return new RegExp(
    `(?<!/)//(?:[^\\s/@]*@)?${host}(?=[:/\\s"';,)]|$)|(?<![\\w./$}@-])${host}:\\d{2,5}(?!\\w)`,
    "g",
  );
}

function firstColumn(line: string): number {
  return line.length - line.trimStart().length + 1;
}

export function escapeRegExp(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
