import { stringify } from "yaml";
import type { Labels } from "../../docker/labels.ts";
import type { App } from "../driver.ts";
import { type Definition, type Definitions, isExternal, pairsOf } from "./compose.ts";
import { escapeDollars } from "./interpolate.ts";
import type { Release } from "./release.ts";

/** The label with the images, as `name@id`, that were pulled for a service and go when its app is removed. */
export const PULLED = "canonical-sweep.pulled";

/**
 * A compose file to be laid over the release's own: our labels on all that the deploy makes, what abra adds to
 * the service `app` (version labels, the whole `.env`), and nothing else. It names only what is there already:
 * Docker replaces a definition of a volume, network, secret or config whole, so each is repeated.
 */
export function overlayOf(
  app: App,
  version: string,
  release: Release,
  labels: Labels,
  pulled: Readonly<Record<string, string>>,
): string {
  const { compose } = release;
  const main = mainService(compose.services);
  const services = Object.keys(compose.services).map((name) => {
    const deployLabels = {
      ...labels,
      ...(pulled[name] === undefined ? {} : { [PULLED]: pulled[name] }),
      ...(name === main ? versionLabels(app, version) : {}),
    };
    const environment = name === "app" ? exposedVariables(release) : {};
    return [
      name,
      {
        labels: escapeAll(labels),
        deploy: { labels: escapeAll(deployLabels) },
        ...(Object.keys(environment).length === 0 ? {} : { environment: escapeAll(environment) }),
      },
    ];
  });
  const document = {
    ...(compose.version === null ? {} : { version: compose.version }),
    services: Object.fromEntries(services),
    ...section("volumes", compose.volumes, labels),
    // Services that name no network get this one, which no file need name.
    ...section("networks", { default: {}, ...compose.networks }, labels),
    ...section("secrets", compose.secrets, labels),
    ...section("configs", compose.configs, labels),
  };
  return stringify(document, { version: "1.1", aliasDuplicateObjects: false });
}

/** The service that carries the version: `app`, as abra has it, or the first. */
function mainService(services: Definitions): string | undefined {
  return "app" in services ? "app" : Object.keys(services)[0];
}

/** Source: abra's documentation of deploy labels. */
export function versionLabel(stack: string): string {
  return `coop-cloud.${stack}.version`;
}

function versionLabels(app: App, version: string): Record<string, string> {
  return {
    [versionLabel(app.stack)]: version,
    [`coop-cloud.${app.stack}.recipe`]: app.recipe,
    [`coop-cloud.${app.stack}.chaos`]: "false",
  };
}

function exposedVariables({ compose, variables }: Release): Record<string, string> {
  const set = pairsOf(compose.services.app?.environment);
  return Object.fromEntries(Object.entries(variables).filter(([name]) => !(name in set)));
}

function section(name: string, definitions: Definitions, labels: Labels) {
  const own = Object.entries(definitions).filter(([, definition]) => !isExternal(definition));
  if (own.length === 0) return {};
  return {
    [name]: Object.fromEntries(own.map(([key, definition]) => [key, withLabels(definition, labels)])),
  };
}

function withLabels(definition: Definition, labels: Labels): Definition {
  return { ...definition, labels: { ...pairsOf(definition.labels), ...escapeAll(labels) } };
}

function escapeAll(values: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, escapeDollars(value)]));
}
