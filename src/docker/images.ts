import { deadlineIn } from "../command/deadline.ts";
import type { CommandResult } from "../command/run.ts";
import type { Asking, Step } from "../command/step.ts";
import { certainSign } from "../core/cause/machinery-signature.ts";
import { type Docker, nonEmptyLines } from "./docker.ts";
import { type ActFailed, demand, firstError, machineryFailure, recipeFailure } from "./failure.ts";
import { inspect } from "./inspect.ts";

/** Facts about an image, found before it is deployed. */
export interface FetchedImage {
  image: string;
  /** The mark by which to remove the image, if this pull brought it to the node; else null. */
  pulled: string | null;
  /** The registry has just confirmed its digest. */
  confirmed: boolean;
}

/** Limit for asking a registry about an image that was built here and can run without it, in milliseconds. */
const LOCAL_ONLY_MS = 15_000;

interface LocalImage {
  Id: string;
  RepoTags?: string[] | null;
  RepoDigests?: string[] | null;
}

/**
 * Brings an image to the node before the deploy: swarm reports a missing one only by rejected tasks. Like swarm, it
 * asks the registry at each start. An image that the registry does not have is used as it is on the node, with a note;
 * so is one whose registry does not answer. Throws `ActFailed`: `machinery` if the registry gives no answer or refuses
 * for now (429, 5xx), `recipe` if the image is nowhere.
 */
export async function fetchImage(docker: Docker, image: string, step: Step): Promise<FetchedImage> {
  const local = await findImage(docker, image, step);
  const here = { image, pulled: null, confirmed: false };
  if (local !== null && isNamedById(image, local)) {
    step.note(`image ${image} exists on this host alone: it is named by its id, which no registry has`);
    return here;
  }
  const isLocalOnly = local !== null && !cameFromRegistry(image, local);
  const asking = isLocalOnly ? step.within(deadlineIn(step.clock, "registry", LOCAL_ONLY_MS)) : step;
  const result = await docker.act(asking, ["pull", "--quiet", "--", image], { capture: true });
  if (result.ok) {
    const pulled = local === null ? await markOf(docker, image, step) : null;
    return { image, pulled, confirmed: true };
  }
  if (result.cancelled || (result.timedOut && !isLocalOnly)) demand(result, step);
  if (local === null) throw pullFailure(image, result);
  const said = wordsOf(result);
  if (!result.timedOut && !isRegistryTrouble(said)) step.note(hostAlone(image, said));
  else if (!isLocalOnly)
    step.warn(
      `the registry of ${image} gave no answer; the image on this node is used: ${firstError(result.stderr)}`,
    );
  return here;
}

// The same content may have been pulled under another name.
function cameFromRegistry(image: string, { RepoDigests: digests }: LocalImage): boolean {
  const repository = image.replace(/@.*$/, "").replace(/:[^:/]+$/, "");
  const familiar = repository.replace(/^(index\.)?docker\.io\//, "").replace(/^library\//, "");
  return (digests ?? []).some((digest) => digest.startsWith(`${familiar}@`));
}

// An id or its beginning; as in Docker, a name that looks like one takes precedence.
function isNamedById(image: string, local: LocalImage): boolean {
  const digits = image.replace(/^sha256:/, "");
  const isName = (local.RepoTags ?? []).includes(`${image}:latest`);
  return !isName && local.Id.startsWith(`sha256:${digits}`);
}

function hostAlone(image: string, said: string): string {
  // A registry answers the same for an image that only logged-in users may have.
  const denied = /denied/i.test(said) ? " for us (it may want a login)" : "";
  return `image ${image} exists on this host alone: no registry has it${denied}`;
}

/**
 * Removes an image that only we pulled, by its mark. One that is in use by now stays, and so does its name if it was
 * given to another image. Returns the name; null if it stayed.
 */
export async function removePulledImage(docker: Docker, mark: string, step: Step): Promise<string | null> {
  const at = mark.lastIndexOf("@");
  const [image, id] = [mark.slice(0, at), mark.slice(at + 1)];
  const local = await findImage(docker, image, step);
  if (local?.Id !== id || (await isWanted(docker, image, step))) return null;
  return (await docker.act(step, ["image", "rm", "--", image], { capture: true })).ok ? image : null;
}

/** `name@sha256:…` of the image that a service runs; the image's id if it never had a registry. */
export async function digestOf(docker: Docker, image: string, asking: Asking): Promise<string> {
  if (image.includes("@sha256:")) return image.replace(/:[^:@/]+@/, "@");
  const local = await findImage(docker, image, asking);
  const repository = image.replace(/:[^:/]+$/, "");
  const digest = local?.RepoDigests?.find((entry) => entry.startsWith(`${repository}@`));
  return digest ?? local?.Id ?? image;
}

/** Whether a pull failed because of the registry, the network or a limit, rather than a missing image. */
export function isRegistryTrouble(message: string): boolean {
  if (certainSign(message, "deployer")?.part === "registry") return true;
  if (/toomanyrequests|rate limit|\b429\b|\b5\d\d\b [A-Z]|unexpected http status/i.test(message)) return true;
  if (
    /manifest unknown|manifest for .* not found|repository does not exist|pull access denied|invalid reference|no matching manifest/i.test(
      message,
    )
  )
    return false;
  return !/\b404\b|not found/i.test(message) || /no such host|lookup /i.test(message);
}

/** `name@id`. */
async function markOf(docker: Docker, image: string, step: Step): Promise<string | null> {
  const local = await findImage(docker, image, step);
  return local === null ? null : `${image}@${local.Id}`;
}

// Docker itself keeps images of containers; a service may have no container at this moment.
async function isWanted(docker: Docker, image: string, step: Step): Promise<boolean> {
  const wanted = await docker.lines(step, ["service", "ls", "--format", "{{.Image}}"]);
  return wanted.includes(image) || wanted.includes(`${image}:latest`);
}

async function findImage(docker: Docker, image: string, asking: Asking): Promise<LocalImage | null> {
  const [found] = await inspect(docker, "image", [image], asking);
  return (found as LocalImage | undefined) ?? null;
}

function wordsOf(result: CommandResult): string {
  return nonEmptyLines(`${result.stderr}\n${result.stdout}`).join(" ");
}

function pullFailure(image: string, result: CommandResult): ActFailed {
  const said = wordsOf(result);
  const message = `No such image: ${image}: ${said.replace(/^Error response from daemon: /, "")}`;
  return isRegistryTrouble(said) ? machineryFailure(message) : recipeFailure(message);
}
