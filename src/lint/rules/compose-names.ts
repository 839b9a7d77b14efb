import { entriesOf, type Located, type Text, textOf, textsOf, valueAt } from "../../compose/located.ts";
import { sectionOf } from "../compose.ts";
import type { Compose } from "../facts.ts";
import type { Found } from "../finding.ts";

/** Names that services use and no compose file defines. */
export function undefinedNames(compose: Compose): Found[] {
  return compose.files.flatMap(({ root }) =>
    entriesOf(sectionOf(root, "services")).flatMap(([name, { value }]) => [
      ...services(name, value, compose),
      ...networks(name, value, compose),
      ...volumes(name, value, compose),
      ...files(name, value, "config", compose),
      ...files(name, value, "secret", compose),
    ]),
  );
}

function services(name: string, service: Located, { services: defined }: Compose): Found[] {
  const after = valueAt(service, "depends_on");
  const mode = textOf(valueAt(service, "network_mode"));
  const base = valueAt(service, "extends");
  const named: [string, Text][] = [
    ...(after?.kind === "map"
      ? [...after.entries].map(
          ([key, { at }]) => ["depends on", { raw: key, text: key, at }] as [string, Text],
        )
      : textsOf(after).map((text) => ["depends on", text] as [string, Text])),
    ...textsOf(valueAt(service, "links")).map((text) => ["links to", upToColon(text)] as [string, Text]),
  ];
  if (mode?.text.startsWith("service:"))
    named.push(["takes the network of", { ...mode, text: mode.text.slice("service:".length) }]);
  const own = base?.kind === "scalar" ? textOf(base) : textOf(valueAt(base, "service"));
  if (own !== null && valueAt(base, "file") === undefined) named.push(["extends", own]);
  return named
    .filter(([, { text }]) => text !== "" && !defined.has(text))
    .map(([how, { text, at }]) => ({
      message: `service ${name} ${how} service "${text}", which no compose file defines`,
      mend: `define service ${text}, or take its name out; if an overlay defines it, COMPOSE_FILE has to name that overlay`,
      at,
    }));
}

function upToColon(text: Text): Text {
  return { ...text, text: text.text.split(":")[0] ?? "" };
}

function networks(name: string, service: Located, { definitions }: Compose): Found[] {
  const node = valueAt(service, "networks");
  const named =
    node?.kind === "map"
      ? [...node.entries].map(([key, { at }]) => ({ text: key, at }))
      : textsOf(node).map(({ text, at }) => ({ text, at }));
  return named
    .filter(({ text }) => text !== "default" && !definitions.networks.has(text))
    .map(({ text, at }) => undefinedName(name, "network", text, at));
}

function volumes(name: string, service: Located, { definitions }: Compose): Found[] {
  const node = valueAt(service, "volumes");
  if (node?.kind !== "list") return [];
  const named = node.items.flatMap((item) => {
    const isLong = item.kind === "map";
    const type = textOf(valueAt(item, "type"))?.text ?? "volume";
    const source = isLong ? textOf(valueAt(item, "source")) : shortSource(item);
    return source === null || (isLong && type !== "volume") ? [] : [source];
  });
  return named
    .filter(({ text }) => /^[a-zA-Z0-9][\w.-]*$/.test(text) && !definitions.volumes.has(text))
    .map(({ text, at }) => undefinedName(name, "volume", text, at));
}

// `- /data` alone is a volume without a name.
function shortSource(item: Located): Text | null {
  const text = textOf(item);
  return text?.text.includes(":") === true ? upToColon(text) : null;
}

function files(name: string, service: Located, kind: "config" | "secret", { definitions }: Compose): Found[] {
  const node = valueAt(service, `${kind}s`);
  if (node?.kind !== "list") return [];
  return node.items
    .map((item) => textOf(item.kind === "map" ? valueAt(item, "source") : item))
    .filter((text): text is Text => text !== null && !definitions[`${kind}s`].has(text.text))
    .map(({ text, at }) => undefinedName(name, kind, text, at));
}

function undefinedName(service: string, kind: string, name: string, at: Found["at"]): Found {
  return {
    message: `service ${service}: undefined ${kind} "${name}"`,
    mend: `define ${name} under \`${kind}s:\`, or take it out; if an overlay defines it, COMPOSE_FILE has to name that overlay`,
    at,
  };
}
