import { type Compose, type Definitions, isExternal } from "./compose.ts";

/**
 * Volumes, secrets, configs and networks of other apps that a release names as its own, in plain words. External
 * networks are judged by their names.
 */
export function foreignNames({ volumes, secrets, configs, networks }: Compose, stack: string): string[] {
  const ownNetworks = Object.entries(networks).filter(([, network]) => !isExternal(network));
  return [
    ...foreign("volume", volumes, stack),
    ...foreign("secret", secrets, stack),
    ...foreign("config", configs, stack),
    ...foreign("network", Object.fromEntries(ownNetworks), stack),
  ];
}

// Docker prefixes an unnamed key with the stack's name.
function foreign(kind: string, section: Definitions, stack: string): string[] {
  return Object.values(section)
    .flatMap(({ name }) => (typeof name === "string" && name !== "" ? [name] : []))
    .filter((name) => !name.startsWith(`${stack}_`))
    .map((name) => `the ${kind} ${name}, whose name is not this app's`);
}
