import type { Compose, Facts } from "./facts.ts";
import type { Service } from "./service.ts";

/** The services and definitions of the release; empty if the compose files cannot be read. */
export function composeOf({ release }: Facts): { services: Service[]; compose: Compose | null } {
  if (release.compose.state !== "read") return { services: [], compose: null };
  const { compose } = release.compose;
  return { services: [...compose.services.values()], compose };
}
