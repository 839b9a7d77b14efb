import { deadlineIn } from "../../command/deadline.ts";
import type { LaneConfig, RecipeConfig } from "../../config/config.ts";
import type { MachinerySign } from "../../core/cause/machinery-signature.ts";
import type { HostEvidence } from "../../core/cause/machinery-verdict.ts";
import { TRAITS } from "../../core/driver-traits.ts";
import { resolveName } from "../../edge/resolve.ts";
import { Fault } from "../../fault.ts";
import type { Context } from "../../run/context.ts";
import { dockerOfLane } from "../../run/lane-docker.ts";
import { freeBytes } from "../../state/files.ts";

/** How long Docker may take to say that it is there, in milliseconds. */
const DOCKER_LIMIT_MS = 10_000;

/** Asks this machine, now, what the signs are to be judged by, and no more than that. */
export async function askHost(
  context: Context,
  recipe: RecipeConfig,
  lane: LaneConfig,
  signs: readonly MachinerySign[],
): Promise<HostEvidence> {
  const asked = (part: MachinerySign["part"]) =>
    signs.find((sign) => sign.part === part && sign.proof === "host");
  const docker =
    asked("docker") === undefined ? null : await tellsDocker(context, lane, "{{.ServerVersion}}");
  const root =
    asked("disk") === undefined || !TRAITS[recipe.driver].onSwarm
      ? null
      : await tellsDocker(context, lane, "{{.DockerRootDir}}");
  const paths = [context.state.root, ...(root?.said == null ? [] : [root.said])];
  const dns = asked("dns");
  const control = dns === undefined ? [] : controlNames(recipe);
  return {
    disks: paths.map((path) => ({ path, free: freeBytes(path) })),
    minFree: context.config.disk.minFree,
    docker: docker?.answers ?? null,
    names: dns === undefined ? {} : await answersOf([dns.subject ?? "", ...control]),
    control,
  };
}

async function tellsDocker(
  context: Context,
  lane: LaneConfig,
  format: string,
): Promise<{ answers: boolean; said: string | null } | null> {
  try {
    const { clock, signal } = context;
    const deadline = deadlineIn(clock, "docker info", DOCKER_LIMIT_MS);
    const result = await dockerOfLane(context, lane).look({ clock, signal, deadline }, [
      "info",
      "--format",
      format,
    ]);
    const said = result.stdout.trim();
    return { answers: result.ok && said !== "", said: result.ok && said !== "" ? said : null };
  } catch (error) {
    if (error instanceof Fault) return null;
    throw error;
  }
}

async function answersOf(names: readonly string[]): Promise<HostEvidence["names"]> {
  const wanted = [...new Set(names)].filter((name) => name.includes("."));
  return Object.fromEntries(await Promise.all(wanted.map(async (name) => [name, await resolveName(name)])));
}

// The sync has just reached its upstream by name: whoever has DNS knows it.
function controlNames({ upstream, mirror }: RecipeConfig): string[] {
  return [upstream, mirror?.url ?? ""].flatMap((address) => {
    const host =
      /^[a-z][a-z0-9+.-]*:\/\/(?:[^/@]*@)?([^/:]+)|^(?:[^/@:]+@)?([a-z0-9-]+(?:\.[a-z0-9-]+)+):/i.exec(
        address,
      );
    const name = host?.[1] ?? host?.[2];
    return name !== undefined && /\.[a-z][a-z0-9-]*$/i.test(name) ? [name.toLowerCase()] : [];
  });
}
