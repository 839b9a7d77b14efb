type Triple = readonly [number, number, number];

/**
 * The problem with this Node, on one line; null if `engines` of package.json accepts it. It runs before anything else
 * is loaded, so its syntax must suit very old versions of Node.
 */
export function nodeFault(found: string, wanted: string): string | null {
  const version = parse(found);
  if (wanted.split("||").some((range) => takes(range.trim(), version))) return null;
  return `canonical-sweep needs Node ${wanted}; this is Node ${found}`;
}

function takes(range: string, version: Triple): boolean {
  const least = parse(range.replace(/^[^\d]*/, ""));
  if (range.startsWith("^")) return version[0] === least[0] && isAtLeast(version, least);
  return range.startsWith(">=") && isAtLeast(version, least);
}

function parse(text: string): Triple {
  const [major = 0, minor = 0, patch = 0] = text.split(/[.-]/).map(Number);
  return [major, minor, patch];
}

function isAtLeast(version: Triple, least: Triple): boolean {
  for (const index of [0, 1, 2] as const)
    if (version[index] !== least[index]) return version[index] > least[index];
  return true;
}
