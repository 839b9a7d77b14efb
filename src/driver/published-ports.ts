import type { Compose } from "../compose/compose.ts";
import type { PublishedPorts } from "../docker/ports-in-use.ts";

/** The ports that a release's services publish under a fixed number. */
export function publishedPorts(services: Compose["services"]): PublishedPorts[] {
  return Object.entries(services).flatMap(([service, { ports }]) =>
    (ports ?? []).flatMap(({ published = 0, protocol = "tcp", mode }) =>
      published === 0
        ? []
        : [
            {
              service,
              first: published,
              last: published,
              protocol,
              mode: mode === "host" ? ("host" as const) : ("ingress" as const),
            },
          ],
    ),
  );
}
