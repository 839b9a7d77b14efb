import type { PublishedPorts } from "../docker/ports-in-use.ts";

/** The ports that the services of a compose file publish under a number of their own choice. */
export function publishedPorts(
  services: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
): PublishedPorts[] {
  return Object.entries(services).flatMap(([service, { ports }]) =>
    (Array.isArray(ports) ? (ports as unknown[]) : []).flatMap((entry) => {
      const { published, protocol, mode } = isMapping(entry) ? entry : longForm(String(entry));
      const [, first, last] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(String(published ?? "")) ?? [];
      if (first === undefined || Number(first) === 0) return [];
      return [
        {
          service,
          first: Number(first),
          last: Number(last ?? first),
          protocol: String(protocol ?? "tcp").toLowerCase(),
          mode: mode === "host" ? ("host" as const) : ("ingress" as const),
        },
      ];
    }),
  );
}

type LongForm = Readonly<Partial<Record<"published" | "protocol" | "mode", unknown>>>;

function isMapping(entry: unknown): entry is LongForm {
  return typeof entry === "object" && entry !== null;
}

// `[address:][published:]target[/protocol]`: swarm heeds no address, and publishes on all of them.
function longForm(text: string): LongForm {
  const [places = "", protocol] = text.split("/");
  return { published: places.split(":").at(-2), protocol };
}
