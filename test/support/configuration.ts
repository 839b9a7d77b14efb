import { ConfigurationFault } from "../../src/config/configuration-fault.ts";
import { loadConfig } from "../../src/config/load.ts";
import { writeFiles } from "./files.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** A `sweep.yaml` that is without fault. */
export const SOUND_SWEEP = "domain: ci.example.org\nupstream: https://git.example.org/{recipe}.git\n";

/** A configuration folder with these files; a value that begins with `#!` becomes executable. */
export function configurationFolder(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder("configuration");
  writeFiles(folder, files);
  return folder;
}

/** The lines of the fault that this configuration has, without the headline; empty where it has none. */
export function faultLines(files: Readonly<Record<string, string>>): string[] {
  try {
    loadConfig(configurationFolder(files), {});
    return [];
  } catch (error) {
    if (!(error instanceof ConfigurationFault)) throw error;
    return error.message.split("\n").slice(1);
  }
}
