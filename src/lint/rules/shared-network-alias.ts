import { nameInDocker } from "../../compose/compose.ts";
import { textOf, valueAt } from "../../compose/located.ts";
import { compareCodePoints } from "../../core/version.ts";
import { composeOf } from "../compose-of.ts";
import type { Compose, Facts } from "../facts.ts";
import type { Found, Place } from "../finding.ts";
import type { Rule } from "../rule.ts";
import type { Service } from "../service.ts";
import { type Mention, mentionsOf } from "./mentions.ts";

/** The name of the main service in every recipe of the catalogue. */
const MAIN = "app";

export const sharedNetworkAlias: Rule = {
  id: "shared-network-alias",
  level: "error",
  title: "a service reached by a bare name that other stacks on a shared network have too",
  check: (facts) => {
    const { services, compose } = composeOf(facts);
    if (compose === null) return [];
    const places = new Map(services.map((each) => [each.name, networksOf(each, compose, facts.stack)]));
    return services.flatMap((caller) => checkCaller(caller, services, places, facts));
  },
};

function checkCaller(
  caller: Service,
  services: readonly Service[],
  places: ReadonlyMap<string, Network[]>,
  facts: Facts,
): Found[] {
  const networks = places.get(caller.name) ?? [];
  const shared = networks.filter((network) => network.isShared);
  if (shared.length === 0) return [];
  const aliases = [...places.values()].flat().flatMap((network) => network.aliases);
  const mentions = mentionsOf(caller, [...services.map(({ name }) => name), ...aliases], facts);
  if (mentions.size === 0) return [];
  return services.flatMap((target) => {
    const theirs = places.get(target.name) ?? [];
    return shared.flatMap((network): Found[] => {
      const there = theirs.find(({ key }) => key === network.key);
      if (there === undefined && target.name !== MAIN) return [];
      const names = [target.name, ...(there?.aliases ?? [])];
      const mention = names.map((name) => mentions.get(name)).find((each) => each !== undefined);
      if (mention === undefined) return [];
      const own = networks.filter((each) => !each.isShared && theirs.some(({ key }) => key === each.key));
      return [describe({ caller, target, network, own, mention, isOnIt: there !== undefined })];
    });
  });
}

interface Collision {
  caller: Service;
  target: Service;
  network: Network;
  /** The stack's own networks that both are on. */
  own: Network[];
  mention: Mention;
  isOnIt: boolean;
}

function describe({ caller, target, network, own, mention, isOnIt }: Collision): Found {
  // Docker asks the networks in the order of their names, internal ones last.
  const isAsked = (each: Network) => !each.isInternal && compareCodePoints(each.name, network.name) < 0;
  const isSafeHere = own.some(isAsked);
  const order =
    own.length === 0
      ? `they have no other network in common`
      : own.every((each) => each.isInternal)
        ? `Docker asks an \`internal\` network last`
        : isSafeHere
          ? `it is safe only where the stack's own network has a name that sorts before \`${network.name}\`, as ${own.find(isAsked)?.name} does`
          : `Docker asks the networks by name, and ${own[0]?.name} sorts after \`${network.name}\``;
  const level = isSafeHere || mention.name !== MAIN ? "warning" : "error";
  return {
    level,
    message: `service ${caller.name} reaches ${target.name} as \`${mention.name}\` (${mention.where}) while it is on the shared network ${network.name}, where other stacks have that name too: ${order}`,
    mend: `name it in full, \`\${STACK_NAME}_${target.name}\`${isOnIt ? "" : `, or take service ${caller.name} off the network ${network.key}`}`,
    at: mention.at,
    also: [{ at: network.at, message: `service ${caller.name} joins ${network.name} here` }],
  };
}

interface Network {
  key: string;
  /** In Docker. */
  name: string;
  isShared: boolean;
  isInternal: boolean;
  aliases: string[];
  at: Place;
}

function networksOf(service: Service, compose: Compose, stack: string): Network[] {
  const joined =
    service.networks.length === 0 ? [{ key: "default", aliases: [], at: service.at }] : service.networks;
  return joined.map(({ key, aliases, at }) => {
    const definition = compose.definitions.networks.get(key)?.value;
    const text = (name: string) => textOf(valueAt(definition, name))?.text;
    const external = valueAt(definition, "external");
    const isShared = external?.kind === "map" || trueOf(text("external"));
    const name = text("name") ?? textOf(valueAt(external, "name"))?.text ?? (isShared ? key : undefined);
    return {
      key,
      name: nameInDocker(stack, key, name === undefined ? {} : { name }),
      isShared,
      isInternal: trueOf(text("internal")),
      aliases: aliases.map((alias) => alias.text),
      at,
    };
  });
}

function trueOf(text: string | undefined): boolean {
  return /^(true|yes|on|y)$/i.test(text ?? "");
}
