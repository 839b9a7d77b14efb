import type { Step } from "../../command/step.ts";
import type { App } from "../../core/app.ts";
import type { Running } from "../../core/read-back.ts";
import type { Docker } from "../../docker/docker.ts";
import { digestOf } from "../../docker/images.ts";
import { readStack, type ServiceReading, type StackReading } from "../../docker/watch/read-stack.ts";

/**
 * The running state of an app. The version is that of the service which carries it, and counts only if one of its tasks
 * is up to date.
 */
export async function readRunning(docker: Docker, app: App, step: Step): Promise<Running> {
  const reading = await readStack(docker, app.stack, step);
  const running = reading.services.filter((service) => runsAsAsked(service, reading));
  const label = versionLabel(app.stack);
  const version = running.map((service) => service.labels[label]).find((value) => value !== undefined);
  const images = await Promise.all(
    running.map(async (service) => ({
      service: shortName(app.stack, service.name),
      digest: await digestOf(docker, service.image, step),
    })),
  );
  return { version: version ?? null, images };
}

/** `app` of `<stack>_app`. */
function shortName(stack: string, service: string): string {
  return service.startsWith(`${stack}_`) ? service.slice(stack.length + 1) : service;
}

function runsAsAsked(service: ServiceReading, reading: StackReading): boolean {
  return reading.tasks.some(
    (task) =>
      task.serviceId === service.id &&
      task.spec === service.spec &&
      task.state === "running" &&
      task.desired === "running",
  );
}

/** Source: abra's documentation of deploy labels. */
export function versionLabel(stack: string): string {
  return `coop-cloud.${stack}.version`;
}
