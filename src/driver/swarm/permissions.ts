import { dirname, posix } from "node:path";
import { normalPath } from "../host-path.ts";
import type { Compose, Definition, Sections } from "./compose.ts";
import { hostPowers } from "./host-powers.ts";
import { foreignNames } from "./own-names.ts";

/** Where a release stands, and the stack that it is deployed as. */
export interface ReleasePlace {
  checkout: string;
  stack: string;
}

/**
 * What of the host, or of other apps, a release reaches: `docker-socket` and `host-mount:/path`, which `recipe.yaml`
 * may grant, and in plain words what nothing grants. Sorted, each once. Each file is judged alone too, so that it
 * does not matter how Docker lays them over each other.
 */
export function permissionsOf(filled: Compose, place: ReleasePlace): string[] {
  // Docker counts relative paths from the first file.
  const base = dirname(filled.files[0] ?? `${place.checkout}/compose.yml`);
  const found = [filled, ...filled.parts].flatMap((sections) => [
    ...mountsOf(sections),
    ...filesOf(sections).flatMap((file) => permissionOfFile(file, base, place.checkout)),
    ...hostPowers(sections),
    ...foreignNames(sections, place.stack),
  ]);
  return [...new Set(found)].sort();
}

function mountsOf({ services, volumes }: Sections): string[] {
  const ofServices = Object.entries(services).flatMap(([name, service]) =>
    listOf(service.volumes).flatMap((mount) => permissionOfMount(mount, name)),
  );
  return [...ofServices, ...Object.entries(volumes).flatMap(([name, volume]) => bindsOf(name, volume))];
}

function permissionOfMount(mount: unknown, service: string): string[] {
  if (typeof mount === "string") return permissionOfShortMount(mount, service);
  const { type, source, target } = (mount ?? {}) as { type?: unknown; source?: unknown; target?: unknown };
  if (type === "bind") return [permissionOfSource(String(source ?? ""), service)];
  if ((type === "volume" || type === undefined) && isVolumeName(source ?? "")) return [];
  return type === "tmpfs"
    ? []
    : [`a mount of type ${String(type)} at ${String(target)} (service ${service})`];
}

// `- /data` alone is a volume without a name.
function permissionOfShortMount(mount: string, service: string): string[] {
  const [source = "", ...rest] = mount.split(":");
  return rest.length === 0 || isVolumeName(source) ? [] : [permissionOfSource(source, service)];
}

function isVolumeName(source: unknown): boolean {
  return typeof source === "string" && /^([a-zA-Z0-9][a-zA-Z0-9_.-]*)?$/.test(source);
}

function permissionOfSource(source: string, service: string): string {
  return source.startsWith("/") && !source.includes("$")
    ? permissionOfPath(source)
    : `a mount of ${source}, which is no volume and no absolute path (service ${service})`;
}

function permissionOfPath(path: string): string {
  const normal = normalPath(path);
  return /^(\/var)?\/run\/docker\.sock$/.test(normal) ? "docker-socket" : `host-mount:${normal}`;
}

/** File systems that are of no use to reach the host: in memory, or on another machine. */
const ELSEWHERE = /^(tmpfs|nfs4?|cifs|smb3)$/;

// The local driver mounts whatever it is told to, with the options of mount(8).
function bindsOf(name: string, volume: Definition): string[] {
  const { driver } = volume;
  if (driver !== undefined && driver !== null && driver !== "" && driver !== "local")
    return [`the volume driver ${String(driver)} (volume ${name})`];
  const options = (volume.driver_opts ?? {}) as { type?: unknown; device?: unknown; o?: unknown };
  const device = String(options.device ?? "");
  const isBind = /(^|,)\s*r?bind\b/.test(String(options.o ?? ""));
  if (!isBind && ELSEWHERE.test(String(options.type ?? ""))) return [];
  if (device === "" && options.type === undefined && !isBind) return [];
  const isPlain = isBind || options.type === undefined || /^(none|bind)?$/.test(String(options.type));
  if (isPlain && device.startsWith("/") && !device.includes("$")) return [permissionOfPath(device)];
  return [`a file system of type ${String(options.type)} on ${device || "nothing"} (volume ${name})`];
}

function filesOf({ services, secrets, configs }: Sections): string[] {
  const ofServices = Object.values(services).flatMap((service) => listOf(service.env_file));
  const ofOthers = [secrets, configs].flatMap((section) => Object.values(section).map(({ file }) => file));
  return [...ofServices, ...ofOthers].flatMap((file) => {
    const path = typeof file === "object" && file !== null ? (file as { path?: unknown }).path : file;
    return path === undefined || path === null ? [] : [String(path)];
  });
}

// Docker's client reads these on this machine and hands them to the app.
function permissionOfFile(file: string, base: string, checkout: string): string[] {
  const path = posix.resolve(base, file);
  if (!/^~|\$/.test(file) && path.startsWith(`${checkout}/`)) return [];
  return file.startsWith("/") ? [permissionOfPath(file)] : [`the file ${file}, which is not in the checkout`];
}

function listOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  return value === undefined || value === null ? [] : [value];
}
