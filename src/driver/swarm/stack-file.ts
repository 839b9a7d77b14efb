import {
  type Compose,
  type Definition,
  type Definitions,
  isExternal,
  type Service,
} from "../../compose/compose.ts";
import type { Value, ValueMap } from "../../compose/form.ts";
import { toPlainJson } from "../../compose/plain-json.ts";
import type { App } from "../../core/app.ts";
import { recipeFailure } from "../../docker/failure.ts";
import type { Labels } from "../../docker/labels.ts";
import { versionLabel } from "../recipe-files/read-back.ts";
import type { Release } from "../recipe-files/release.ts";

/** The label with the images, as `name@id`, that were pulled for a service and go when its app is removed. */
export const PULLED = "canonical-sweep.pulled";

/** What is added to a release, or stands in its place. */
export interface StackAdditions {
  version: string;
  /** Ours, on all that the deploy makes. */
  labels: Labels;
  /** By service: what `PULLED` says. */
  pulled: Readonly<Record<string, string>>;
  /** Where copies of the files of configs and secrets lie, absolute, by `configs.KEY` and `secrets.KEY`. */
  files: Readonly<Record<string, string>>;
  /** The variables that Docker's client has itself: it fills them in where a value is empty. */
  clientVariables: readonly string[];
}

/**
 * The one file that Docker is given: the release as it was read and judged, with our labels and what abra adds to the
 * service `app` (version labels, the whole `.env`). Nothing in it is left to fill in, to look up or to find. Throws
 * `ActFailed` (recipe) for an empty variable that Docker's client would fill in with its own.
 */
export function stackFile(app: App, release: Release, additions: StackAdditions): string {
  const { compose } = release;
  const main = mainService(compose.services);
  const services = Object.entries(compose.services).map(([name, service]) => {
    const environment = { ...(name === "app" ? release.variables : {}), ...service.environment };
    refuseOwn(name, environment, additions.clientVariables);
    const pulled = additions.pulled[name];
    const more = {
      ...additions.labels,
      ...(pulled === undefined ? {} : { [PULLED]: pulled }),
      ...(name === main ? versionLabels(app, additions.version) : {}),
    };
    return [name, withAdditions(service, environment, additions.labels, more)];
  });
  return toPlainJson({
    ...(compose.version === null ? {} : { version: compose.version }),
    services: Object.fromEntries(services),
    ...sections(compose, additions),
  });
}

/** The service that carries the version: `app`, as abra has it, or the first. */
function mainService(services: Compose["services"]): string | undefined {
  return "app" in services ? "app" : Object.keys(services)[0];
}

function versionLabels(app: App, version: string): Record<string, string> {
  return {
    [versionLabel(app.stack)]: version,
    [`coop-cloud.${app.stack}.recipe`]: app.recipe,
    [`coop-cloud.${app.stack}.chaos`]: "false",
  };
}

function refuseOwn(service: string, environment: ValueMap, names: readonly string[]): void {
  const own = names.find((name) => environment[name] === null || environment[name] === "");
  if (own !== undefined)
    throw recipeFailure(
      `services.${service}.environment.${own} is empty, and Docker's client would fill in its own: give it a value`,
    );
}

function withAdditions(
  service: Service,
  environment: ValueMap,
  labels: Labels,
  deployLabels: Labels,
): ValueMap {
  const deploy = (service.deploy ?? {}) as ValueMap;
  return {
    ...service,
    ...(Object.keys(environment).length === 0 ? {} : { environment }),
    labels: { ...service.labels, ...labels },
    deploy: { ...deploy, labels: { ...(deploy.labels as ValueMap | undefined), ...deployLabels } },
  };
}

function sections(compose: Compose, { labels, files }: StackAdditions): Record<string, Value> {
  const withFiles = (name: "configs" | "secrets") =>
    Object.fromEntries(
      Object.entries(compose[name]).map(([key, definition]) => {
        const copy = files[`${name}.${key}`];
        return [key, copy === undefined ? definition : { ...definition, file: copy }];
      }),
    );
  const all: [string, Definitions][] = [
    ["volumes", compose.volumes],
    // Services that name no network get this one, which no file need name.
    ["networks", { default: {}, ...compose.networks }],
    ["secrets", withFiles("secrets")],
    ["configs", withFiles("configs")],
  ];
  const labelled = all.map(([name, definitions]) => [
    name,
    Object.fromEntries(
      Object.entries(definitions).map(([key, definition]) => [key, withLabels(definition, labels)]),
    ),
  ]);
  return Object.fromEntries(labelled);
}

function withLabels(definition: Definition, labels: Labels): Definition {
  if (isExternal(definition)) return definition;
  return { ...definition, labels: { ...(definition.labels as ValueMap | undefined), ...labels } };
}
