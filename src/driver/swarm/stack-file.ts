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

/** The label for images, as `name@id`, that were pulled for a service and are removed with its app. */
export const PULLED = "canonical-sweep.pulled";

/** Additions to a release, and replacements in it. */
export interface StackAdditions {
  version: string;
  /** Our labels, for everything that the deploy makes. */
  labels: Labels;
  /** Values of `PULLED`, by service. */
  pulled: Readonly<Record<string, string>>;
  /** Paths of the copied files of configs and secrets, absolute, by `configs.KEY` and `secrets.KEY`. */
  files: Readonly<Record<string, string>>;
  /** The variables of Docker's client, which it fills in for empty values. */
  clientVariables: readonly string[];
}

/**
 * The one file for Docker: the release as read and judged, with our labels and abra's additions to the service `app`
 * (version labels, the whole `.env`). Docker has nothing left to fill in or look up. Throws `ActFailed` (recipe) for an
 * empty variable that Docker's client would fill in from its own.
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

/** The service that carries the version: `app`, as in abra, or the first. */
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
    // Services without a network get this one, even if no file names it.
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
