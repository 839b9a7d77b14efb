import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DOCKER, imageExists } from "../support/images.ts";

/** What the recipes run, and what it stands on. Debian's packages, with all that they depend on. */
const PACKAGES = [
  ...[
    "base-files",
    "base-passwd",
    "bash",
    "coreutils",
    "dash",
    "findutils",
    "grep",
    "libc-bin",
    "sed",
    "tar",
    "util-linux",
  ],
  ...["curl", "git", "lighttpd", "nginx-light", "postgresql", "redis-server", "socat"],
];

/** Depended upon for what the recipes do not do (compiling queries, scripts in Perl), and most of the size. */
const LEFT_OUT = /^(libllvm|libz3|perl_|perl-modules|libperl5|git-man|systemd_|libicu-dev)/;
const FOLDERS_LEFT_OUT = [
  "usr/share/doc",
  "usr/share/man",
  "usr/share/locale",
  "usr/lib/postgresql/*/lib/bitcode",
];

/** Changes whenever the image is made in another way. */
const MADE_AS = 2;
const HASH = createHash("sha256")
  .update(JSON.stringify([PACKAGES, MADE_AS]))
  .digest("hex")
  .slice(0, 12);

const REPOSITORY = "localhost:5000/zoo";

/** The name of the image of a program at a version: the recipes of the zoo differ in what they start in it. */
export function zooImage(program: string, version: string): string {
  return `${REPOSITORY}/${program}:${version}`;
}

/**
 * Gives Docker the image of the zoo under all these names. It is a tree of Debian's packages as this machine's apt
 * downloads them, without their install scripts; its archive is kept in the cache folder by the hash of what is
 * in it, so that a second start takes seconds. Needs root, and a network once.
 */
export function provideImages(names: readonly string[]): void {
  const base = `${REPOSITORY}/base:${HASH}`;
  if (!imageExists(base)) execFileSync(DOCKER, ["import", imageArchive(), base], { stdio: "ignore" });
  for (const name of names) execFileSync(DOCKER, ["tag", base, name]);
}

/** Takes the names away again; the image itself stays for the next time. */
export function removeNames(names: readonly string[]): void {
  const known = names.filter(imageExists);
  if (known.length > 0) execFileSync(DOCKER, ["image", "rm", "--no-prune", ...known], { stdio: "ignore" });
}

/** The image as a file in the cache folder, made where there is none yet. */
export function imageArchive(): string {
  const cache = process.env.CANONICAL_SWEEP_CACHE ?? "/var/cache/canonical-sweep";
  const archive = join(cache, `zoo-${HASH}.tar`);
  if (existsSync(archive)) return archive;
  mkdirSync(cache, { recursive: true });
  const work = mkdtempSync(join(tmpdir(), "zoo-image-"));
  try {
    const tree = join(work, "tree");
    for (const file of download(join(work, "packages"))) unpack(file, tree);
    complete(tree);
    const excluded = FOLDERS_LEFT_OUT.map((folder) => `--exclude=./${folder}`);
    execFileSync("/bin/tar", [...excluded, "-C", tree, "-cf", join(work, "whole.tar"), "."]);
    // Whole or not at all: two may start at once.
    copyFileSync(join(work, "whole.tar"), `${archive}.${process.pid}`);
    renameSync(`${archive}.${process.pid}`, archive);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return archive;
}

// As if nothing were installed: apt then takes everything that the packages depend on.
function download(folder: string): string[] {
  mkdirSync(join(folder, "partial"), { recursive: true });
  const installed = join(folder, "nothing-is-installed");
  writeFileSync(installed, "");
  const settings = {
    "Dir::State::status": installed,
    "Dir::Cache::archives": folder,
    "Debug::NoLocking": "1",
    "APT::Sandbox::User": "root",
    // Without a network it fails, instead of waiting for ten minutes.
    "Acquire::http::Timeout": "20",
    "Acquire::Retries": "1",
  };
  const options = Object.entries(settings).flatMap(([key, value]) => ["-o", `${key}=${value}`]);
  const act = ["install", "-q", "-y", "--no-install-recommends", "--download-only"];
  const apt = (words: readonly string[]) =>
    execFileSync("/usr/bin/apt-get", words, { timeout: 300_000, stdio: ["ignore", "ignore", "pipe"] });
  try {
    apt([...options, ...act, ...PACKAGES]);
  } catch {
    // Lists that are missing, or older than what the mirror has.
    apt(["update", "-q"]);
    apt([...options, ...act, ...PACKAGES]);
  }
  const files = readdirSync(folder).filter((name) => name.endsWith(".deb") && !LEFT_OUT.test(name));
  return files.map((name) => join(folder, name));
}

const MERGED = ["bin", "sbin", "lib", "lib64"];

function unpack(file: string, tree: string): void {
  if (!existsSync(tree))
    for (const name of MERGED) {
      mkdirSync(join(tree, "usr", name), { recursive: true });
      symlinkSync(`usr/${name}`, join(tree, name));
    }
  const input = execFileSync("/usr/bin/dpkg-deb", ["--fsys-tarfile", file], { maxBuffer: 1 << 30 });
  execFileSync("/bin/tar", ["-C", tree, "--keep-directory-symlink", "-xf", "-"], { input });
}

// What the packages' install scripts would have done, as far as it is needed.
function complete(tree: string): void {
  for (const name of ["passwd", "group"])
    copyFileSync(join(tree, `usr/share/base-passwd/${name}.master`), join(tree, "etc", name));
  writeFileSync(join(tree, "etc/nsswitch.conf"), "passwd: files\ngroup: files\nhosts: files dns\n");
  const links = {
    "usr/bin/awk": "mawk",
    "usr/bin/sh": "dash",
    "usr/local/lib/postgresql": postgresIn(tree),
    "var/run": "/run",
  };
  for (const [path, target] of Object.entries(links)) {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    rmSync(join(tree, path), { recursive: true, force: true });
    symlinkSync(target, join(tree, path));
  }
  const users = [
    "postgres:x:120:120::/var/lib/postgresql:/bin/sh",
    "redis:x:121:121::/var/lib/redis:/bin/sh",
  ];
  writeFileSync(join(tree, "etc/passwd"), `${users.join("\n")}\n`, { flag: "a" });
  writeFileSync(join(tree, "etc/group"), "postgres:x:120:\nredis:x:121:\n", { flag: "a" });
  execFileSync("/sbin/ldconfig", ["-r", tree]);
}

function postgresIn(tree: string): string {
  const [version] = readdirSync(join(tree, "usr/lib/postgresql"));
  if (version === undefined) throw new Error("apt's postgresql has no server");
  return `/usr/lib/postgresql/${version}`;
}
