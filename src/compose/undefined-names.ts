import type { Compose, ComposeFile, SectionName } from "./compose.ts";
import { placeOf } from "./compose.ts";
import type { ValueMap } from "./form.ts";
import type { Report } from "./located.ts";

/**
 * Reports names that services use and nothing defines, in Docker's words. Docker would create such a network before it
 * refuses the service, and nothing would say whose it is.
 */
export function refuseUndefined(compose: Compose, files: readonly ComposeFile[], report: Report): void {
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
