import { execFileSync } from "node:child_process";
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { createDocker } from "../../src/docker/docker.ts";
import { measureVolume } from "../../src/docker/volumes/measure-volume.ts";
import { exportVolume, importVolume, mergeIntoVolume } from "../../src/docker/volumes/volumes.ts";
import { DOCKER, helperImage } from "../support/images.ts";
import { recordedStep } from "../support/recorded-step.ts";
import { describeOnSwarm, docker, swarmTools } from "../support/swarm.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

/** `lsetxattr`, `lgetxattr` and `llistxattr`, which no program of every machine has. */
const CALLS = { x64: [189, 192, 195], arm64: [6, 9, 12] }[process.arch as "x64" | "arm64"] ?? [];
const SET = `my ($path, $name, $hex) = @ARGV; my $value = pack("H*", $hex);
syscall(${CALLS[0]}, $path, $name, $value, length $value, 0) == 0 or die "$path: $name: $!";`;
const SHOW = `for my $path (split /\\0/, join "", <STDIN>) {
  my $names = "\\0" x 4096; my $length = syscall(${CALLS[2]}, $path, $names, 4096);
  for my $name (sort split /\\0/, substr $names, 0, $length) {
    my $value = "\\0" x 4096; my $size = syscall(${CALLS[1]}, $path, $name, $value, 4096);
    print "$path $name ", unpack("H*", substr $value, 0, $size), "\\n";
  }
}`;

const FILL = `cd "$1"
echo one >a; ln a "hard link"; mkdir -p d/e; printf 'x' >'d/two
lines'; : >.hidden; : >..twice; : >-dash
mkfifo fifo; mknod null c 1 3; mknod disk b 7 200; ln -s /etc/hostname link; ln -s nowhere 'd/a
link'
truncate -s 60G sparse; echo end >>sparse; truncate -s 70G sparse
chown 1234:4321 a d; chown -h 77:88 link; chmod 6751 d/e; chmod 2775 d; chmod 0 .hidden
touch -h -d '1999-12-31 23:59:59.123456789' link a d/e; touch -d '2030-01-01 00:00:00.000000001' d`;

const ATTRIBUTES: readonly (readonly [path: string, name: string, hex: string])[] = [
  ["a", "user.note", "00ff10"],
  ["d", "user.note", "6869"],
  ["sparse", "security.capability", "0100000200040000000000000000000000000000"],
  ["a", "system.posix_acl_access", aclOf(1234)],
  ["d", "system.posix_acl_default", aclOf(4321)],
];

describeOnSwarm("the content of a volume", () => {
  it.each([
    ["in a jail, for a daemon of this machine", true],
    ["through a container, for a daemon elsewhere", false],
  ])("%s, is copied, put back and measured with all that it has", async (_where, isHere) => {
    const { use, folder, volume, place, step } = freshVolume(isHere);
    execFileSync("/bin/sh", ["-euc", FILL, "sh", place]);
    for (const [path, name, hex] of ATTRIBUTES)
      execFileSync("/usr/bin/perl", ["-e", SET, join(place, path), name, hex]);
    // A container's tar has no sockets: whoever listened makes it again.
    if (isHere) await listenAt(join(place, "socket"));
    const before = contentOf(place);
    expect(before).toContain("system.posix_acl_access");
    const copy = join(folder, "copy");
    await exportVolume(use, volume, copy, step);
    expect(contentOf(copy)).toBe(before);
    for (const name of ["a", "d", "fifo", "link"]) rmSync(join(place, name), { recursive: true });
    writeFileSync(join(place, "later"), "later");
    await importVolume(use, copy, volume, step);
    expect(contentOf(place)).toBe(before);
    writeFileSync(join(place, "a"), "other");
    await mergeIntoVolume(use, copy, volume, step);
    expect(contentOf(place).replaceAll(/^.*socket.*\n/gm, "")).toBe(before.replaceAll(/^.*socket.*\n/gm, ""));
    const { bytes, used } = await measureVolume(use, volume, step);
    expect(bytes).toBeGreaterThan(70 * 1024 ** 3);
    expect(used).toBeLessThan(1024 ** 2);
  });

  it("is left alone where no mount namespace can be made, and the message says what to do", async () => {
    const { use, folder, volume, place, step } = freshVolume(true);
    writeFileSync(join(place, "a"), "one");
    const find = use.tools.find;
    // What a unit has that forbids namespaces: the kernel says no.
    const forbidden = join(folder, "unshare");
    writeFileSync(
      forbidden,
      "#!/bin/sh\necho 'unshare: unshare failed: Operation not permitted' >&2\nexit 1\n",
      {
        mode: 0o755,
      },
    );
    const tools = { ...use.tools, find: (name: string) => (name === "unshare" ? forbidden : find(name)) };
    const copy = join(folder, "copy");
    const failing = exportVolume({ ...use, tools }, volume, copy, step);
    await expect(failing).rejects.toMatchObject({
      failure: {
        cause: "machinery",
        message: expect.stringMatching(/mount namespace.*cannot be made: unshare.*Run as root/),
      },
    });
    expect(readdirSync(copy)).toEqual([]);
  });
});

function freshVolume(isHere: boolean) {
  const folder = temporaryFolder("content");
  const volume = `content-${Date.now()}`;
  docker("volume", "create", volume);
  onTestFinished(() => void docker("volume", "rm", volume));
  const tools = swarmTools();
  const here = createDocker({
    file: DOCKER,
    context: "default",
    searchPath: swarmTools().searchPath,
    home: folder,
  });
  // What the program sees of a daemon on another machine: its name is not ours.
  const elsewhere: typeof here = {
    ...here,
    lines: async (asking, args) => (args[0] === "info" ? ["another-host"] : here.lines(asking, args)),
  };
  const use = { docker: isHere ? here : elsewhere, tools, helper: helperImage(), labels: {} };
  const place = docker("volume", "inspect", "--format", "{{.Mountpoint}}", volume);
  return { use, folder, volume, place, step: recordedStep(folder, { limitMs: 60_000 }).step };
}

/** All that is below a folder, with type, mode, owner, time, links, size, device and extended attributes. */
function contentOf(folder: string): string {
  const script = `cd "$1"; find . -mindepth 1 -exec stat --format '%n %F %a %u:%g %y %h %s %t:%T %N' {} + | sort
find . -mindepth 1 -print0 | sort -z | perl -e "$2"
find . -type f -size -1M -print0 | sort -z | xargs -0 sha256sum
test "$(stat --format %b sparse)" -lt 100 && echo sparse`;
  return execFileSync("/bin/bash", ["-c", script, "bash", folder, SHOW], { encoding: "utf8" });
}

/** For its owner, another user of this id, its group and the rest, as the kernel keeps it. */
function aclOf(user: number): string {
  const entry = (tag: number, may: number, id: number) => {
    const bytes = Buffer.alloc(8);
    bytes.writeUInt16LE(tag, 0);
    bytes.writeUInt16LE(may, 2);
    bytes.writeUInt32LE(id, 4);
    return bytes.toString("hex");
  };
  const nobody = 0xff_ff_ff_ff;
  const entries = [
    entry(1, 6, nobody),
    entry(2, 4, user),
    entry(4, 4, nobody),
    entry(16, 6, nobody),
    entry(32, 4, nobody),
  ];
  return `02000000${entries.join("")}`;
}

async function listenAt(path: string): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(path, resolve));
  onTestFinished(() => void server.close());
}
