import { join } from "node:path";
import { type DriverName, type DriverTraits, TRAITS } from "../core/driver-traits.ts";
import { isFile } from "../state/file-facts.ts";
import { TESTED_DOCKER } from "./tested-docker.ts";

/** The settings that decide which tools are needed. */
export interface ToolUse {
  recipes: readonly {
    recipe: string;
    enrolled: boolean;
    driver: DriverName;
    upstream: string;
    mirror: { url?: string | undefined } | null | undefined;
    /** The recipe's configuration folder. */
    folder: string;
  }[];
}

/** A program that this one may call. */
export interface Tool {
  name: string;
  /** The least version; null: any. */
  atLeast: string | null;
  /** The arguments with which it says its version. */
  probe: readonly string[];
  /** The version is the first group. */
  pattern: RegExp;
  /** How it comes onto a Debian machine. */
  install: string;
  /** Why this configuration cannot do without it; null: it is looked at only for the fingerprint. */
  neededFor(config: ToolUse): string | null;
}

/** The first dotted number: how most programs say their version. */
const DOTTED = /(\d+(?:\.\d+)+)/;

/** A tool that only the recipes' tests call, as `tools:` names it. */
export function testTool(name: string, atLeast: string | null): Tool {
  const neededFor = () => "the recipes' tests (`tools:`)";
  return { name, atLeast, probe: ["--version"], pattern: DOTTED, install: `install ${name}`, neededFor };
}

/** The one declaration of every tool that the program may call. What recipe tests call stands in `tools:`. */
export const TOOLS: readonly Tool[] = [
  coreutil("cp", forAnyRecipe("the copy of a canonical's data")),
  coreutil("sync", forAnyRecipe("the data on disk before a record is written")),
  debian("flock", "util-linux", () => "the lock of the state folder", { pattern: DOTTED }),
  debian("git", "git", () => "the mirrors and the checkouts", { atLeast: "2.38" }),
  debian("bash", "bash", forAnyRecipe("the recipes' own commands and scripts"), { atLeast: "4.4" }),
  debian("tar", "tar", ofVolumes),
  debian("find", "findutils", ofVolumes),
  debian("unshare", "util-linux", ofVolumes),
  debian("mount", "mount", ofVolumes),
  debian("setpriv", "util-linux", ofVolumes),
  debian("ldd", "libc-bin", ofVolumes),
  coreutil("chroot", ofVolumes),
  debian(
    "docker",
    "docker.io",
    forDriver("the swarm", ({ onSwarm }) => onSwarm),
    { atLeast: TESTED_DOCKER.oldest },
  ),
  {
    name: "abra",
    atLeast: null,
    probe: ["--version"],
    pattern: /(\d+(?:\.\d+)+[\w.-]*)/,
    install: "install abra as docs.coopcloud.tech says",
    neededFor: forDriver("the driver abra", calls("abra")),
  },
  debian("script", "bsdutils", forDriver("backups through abra, which want a terminal", calls("script"))),
  debian("restic", "restic", provenBackups, { probe: ["version"], atLeast: "0.12" }),
  debian("ssh", "openssh-client", sshAddress, { probe: ["-V"], pattern: /OpenSSH_(\d+(?:\.\d+)+\w*)/ }),
  debian("git-lfs", "git-lfs", () => null),
  debian("openssl", "openssl", () => null, { probe: ["version"], pattern: /SSL (\d+(?:\.\d+)+\w*)/ }),
  debian("systemctl", "systemd", () => null, { pattern: /systemd (\d+)/ }),
  debian("timedatectl", "systemd", () => null, { pattern: /systemd (\d+)/ }),
  debian("systemd-notify", "systemd", () => null, { pattern: /systemd (\d+)/ }),
];

type NeededFor = Tool["neededFor"];

function debian(
  name: string,
  packageName: string,
  neededFor: NeededFor,
  more: Partial<Pick<Tool, "atLeast" | "probe" | "pattern">> = {},
): Tool {
  const usual = { atLeast: null, probe: ["--version"], pattern: DOTTED };
  return { name, install: `apt-get install ${packageName}`, neededFor, ...usual, ...more };
}

function coreutil(name: string, neededFor: NeededFor): Tool {
  return debian(name, "coreutils", neededFor, { pattern: /coreutils\) (\d+(?:\.\d+)+)/ });
}

function forAnyRecipe(reason: string): NeededFor {
  return (config) => (config.recipes.some((recipe) => recipe.enrolled) ? reason : null);
}

function forDriver(reason: string, needs: (traits: DriverTraits) => boolean): NeededFor {
  return ({ recipes }) =>
    recipes.some(({ driver, enrolled }) => enrolled && needs(TRAITS[driver])) ? reason : null;
}

function calls(tool: DriverTraits["tools"][number]): (traits: DriverTraits) => boolean {
  return ({ tools }) => tools.includes(tool);
}

/** The copying and measuring of volumes, and what keeps that inside of them. */
function ofVolumes(config: ToolUse): string | null {
  const reason = "volumes, which are touched where nothing else of the host can be reached";
  return forDriver(reason, ({ dataIs }) => dataIs === "volumes")(config);
}

// Backups are only tested where `tests/data` can prove them, so only there is a store of backups called.
function provenBackups(config: ToolUse): string | null {
  const proven = config.recipes.find(
    (recipe) =>
      recipe.enrolled &&
      calls("restic")(TRAITS[recipe.driver]) &&
      isFile(join(recipe.folder, "tests", "data", "verify")),
  );
  return proven === undefined ? null : `backups of ${proven.recipe}, which tests/data can prove`;
}

function sshAddress(config: ToolUse): string | null {
  const addressed = config.recipes.find(
    (recipe) => recipe.enrolled && [recipe.upstream, recipe.mirror?.url ?? ""].some(isSshAddress),
  );
  return addressed === undefined ? null : `the git address of ${addressed.recipe}`;
}

function isSshAddress(address: string): boolean {
  if (address.startsWith("/") || address.startsWith(".")) return false;
  return /^(git\+)?ssh:\/\//.test(address) || /^[^/:]+:(?!\/\/)/.test(address);
}
