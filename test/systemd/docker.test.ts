import { mkdirSync, readFileSync, realpathSync } from "node:fs";
import { expect, it, onTestFinished, vi } from "vitest";
import type { Report } from "../../src/core/records/report.ts";
import { docker } from "../support/docker.ts";
import { DOCKER } from "../support/images.ts";
import { detailsOf, openWorld } from "../sweep-swarm/world.ts";
import { describeOnSystemd, startMachine } from "./machine.ts";

const SERVICE = "canonical-sweep-sweep.service";
/** Where the volumes of Docker are in the machine; its units see them where Docker says that they are. */
const VOLUMES = "/srv/volumes";

/** The sample's tests with nothing but bash: the machine has no curl. */
const ASK = `#!/bin/bash
set -eu
ask() {
  local host=\${SWEEP_URL#*://} body=\${3-} answer
  exec 3<>"/dev/tcp/\${EDGE%:*}/\${EDGE##*:}"
  printf '%s %s HTTP/1.0\\r\\nHost: %s\\r\\nContent-Length: %d\\r\\n\\r\\n%s' "$1" "$2" "$host" "\${#body}" "$body" >&3
  answer=$(cat <&3); exec 3>&-
  printf '%s' "\${answer#*$'\\r\\n\\r\\n'}"
}
`;
const TESTS = {
  "tests/data/seed": `${ASK}ask POST /cgi-bin/notes "the sentinel"\n`,
  "tests/data/verify": `${ASK}[[ $(ask GET /cgi-bin/notes) == *"the sentinel"* ]] || { echo "the sentinel is gone"; exit 1; }\n`,
  "tests/data/damage": `${ASK}ask POST "/cgi-bin/notes?empty"\n`,
  "tests/install/says-its-version": `${ASK}test "$(ask GET /)" = "$SWEEP_VERSION"\n`,
};

/** What the units may not take from a volume, and a link that nothing may follow. */
const KEEPS_BITS = "mkdir -p /data/shared; chmod 2775 /data/shared; ln -sfn / /data/link";

describeOnSystemd("the hardened service, on a real swarm", () => {
  it("deploys, backs up, restores and promotes an app, and puts the canonical's volume back where an advance fails", {
    timeout: 600_000,
  }, async () => {
    const world = await openWorld("swarm");
    onTestFinished(() => world.close());
    const notes = world.recipe("notes", {
      tests: TESTS,
      releases: ["1.0.0+1"],
      quirk: { begin: KEEPS_BITS },
    });
    world.configure({ path: ["/usr/bin"], tools: [] });
    mkdirSync(world.state);
    const root = docker("info", "--format", "{{.DockerRootDir}}");
    const machine = await startMachine(
      world.root,
      ...["--network", "host"],
      ...[`${sourceOf("/run/docker.sock")}:/run/docker.sock`, `${root}/volumes:${VOLUMES}`].flatMap(mounted),
      ...[DOCKER, "/usr/bin/restic"].map((file) => `${sourceOf(file)}:${file}:ro`).flatMap(mounted),
    );
    onTestFinished(() => machine.close());
    machine.program("--state", "/srv/world/state", "units", "--write", "/etc/systemd/system");
    machine.write(
      `/etc/systemd/system/${SERVICE}.d/test.conf`,
      `[Service]\nBindPaths=${VOLUMES}:${root}/volumes\n`,
    );
    machine.run("systemctl", "daemon-reload");
    // Not waited for by the client: upstream and the edge are served by this very process.
    const sweep = async (): Promise<Report> => {
      machine.run("systemctl", "start", "--no-block", SERVICE);
      const hasEnded = () => ["inactive", "failed"].includes(machine.show(SERVICE, "ActiveState"));
      await vi.waitUntil(hasEnded, { timeout: 180_000, interval: 300 });
      const run = machine.try("ls", "/srv/world/state/runs").output.split("\n").at(-1) ?? "";
      const report = world.read("runs", run, "report.json");
      if (report === null) throw new Error(machine.run("journalctl", "--no-pager", "--unit", SERVICE));
      return JSON.parse(report);
    };

    const first = await sweep();
    expect(
      first.recipes.map(({ label }) => label),
      detailsOf(first),
    ).toEqual(["PASS (promoted 1.0.0+1)"]);

    notes.publish("1.1.0+1", {
      begin: 'case "$DOMAIN" in warm-*) echo lost >/data/notes; echo "FATAL: cannot migrate"; exit 1 ;; esac',
    });
    const second = await sweep();
    expect(
      second.recipes.map(({ label }) => label),
      detailsOf(second),
    ).toEqual(["GREEN-BUT-PROMOTE-FAILED (canonical=1.0.0+1, expected 1.1.0+1)"]);
    expect(second.trigger).toBe("timer");
    expect(notes.record()?.version).toBe("1.0.0+1");
    expect(machine.run("cat", `${VOLUMES}/${notes.stack}_data/_data/notes`)).toBe("the sentinel");
    expect(machine.run("stat", "--format=%a", `${VOLUMES}/${notes.stack}_data/_data/shared`)).toBe("2775");
  });
});

function mounted(volume: string): string[] {
  return ["--volume", volume];
}

/**
 * A file as the daemon sees it: where tests have a daemon of their own, its socket is linked to, and its client mounted, at
 * the names of the machine's.
 */
function sourceOf(file: string): string {
  const path = realpathSync(file);
  const mounts = readFileSync("/proc/self/mountinfo", "utf8").split("\n");
  const over = mounts.map((line) => line.split(" ")).find(([, , , , point]) => point === path);
  return over?.[3] ?? path;
}
