import { type Definition, isExternal, type Sections } from "./compose.ts";

/**
 * The volumes, secrets, configs and networks of other apps that a release names as if they were its own, in plain
 * words. Networks that somebody else makes (`proxy`) are there to be shared.
 */
export function foreignNames({ volumes, secrets, configs, networks }: Sections, stack: string): string[] {
  const ownNetworks = Object.entries(networks).filter(([, network]) => !isExternal(network));
  return [
    ...foreign("volume", volumes, stack),
    ...foreign("secret", secrets, stack),
    ...foreign("config", configs, stack),
    ...foreign("network", Object.fromEntries(ownNetworks), stack),
  ];
}

function foreign(kind: string, section: Readonly<Record<string, Definition>>, stack: string): string[] {
  return Object.entries(section)
    .flatMap(([key, definition]) => namesOf(key, definition))
    .filter((name) => !name.startsWith(`${stack}_`))
    .map((name) => `the ${kind} ${name}, whose name is not this app's`);
}

// Without a name Docker puts the stack's before the key.
function namesOf(key: string, definition: Definition): string[] {
  const { name, external } = definition as { name?: unknown; external?: unknown };
  const given = [name, (external as { name?: unknown } | null | undefined)?.name]
    .filter((text) => text !== undefined && text !== null && text !== "")
    .map(String);
  return given.length === 0 && isExternal(definition) ? [key] : given;
}
