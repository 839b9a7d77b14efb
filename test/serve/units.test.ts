import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { SYSTEM_PATH } from "../../src/command/search-path.ts";
import { renderUnits, type UnitFacts } from "../../src/serve/units.ts";
import { runProgram } from "../support/program.ts";
import { sampleSweep } from "../support/sample-sweep.ts";

const SAMPLES = join(import.meta.dirname, "../../systemd");
const MINUTE_MS = 60_000;

/** A machine as the documentation installs it: Node and the package of the system, defaults in `sweep.yaml`. */
const DEFAULT: UnitFacts = {
  node: "/usr/bin/node",
  program: "/usr/local/bin/canonical-sweep",
  config: {
    folder: "/etc/canonical-sweep",
    state: "/var/lib/canonical-sweep",
    path: SYSTEM_PATH,
    recipes: [],
    schedule: "0 3 * * 0",
    timezone: "UTC",
    timeouts: {
      deploy: 10 * MINUTE_MS,
      tier: 15 * MINUTE_MS,
      promote: 20 * MINUTE_MS,
      recipe: 60 * MINUTE_MS,
      sweep: 720 * MINUTE_MS,
      git: MINUTE_MS,
    },
  },
  now: Date.parse("2026-11-21T00:00Z"),
};

describe("`units`", () => {
  it("systemd/ has what `units` prints for the default paths", async () => {
    const units = renderUnits(DEFAULT);
    for (const [name, text] of Object.entries(units))
      await expect(text).toMatchFileSnapshot(join(SAMPLES, name));
    expect(readdirSync(SAMPLES).sort()).toEqual(Object.keys(units).sort());
  });

  it("a state folder elsewhere may be written to, and names with blanks and `%` stay whole", () => {
    const config = { ...DEFAULT.config, state: "/srv/my state/50%", folder: "/srv/$config" };
    const service = renderUnits({ ...DEFAULT, config })["canonical-sweep.service"];
    expect(service).toContain('ReadWritePaths="/srv/my state/50%%"');
    expect(service).toContain('--config /srv/$$config --state "/srv/my state/50%%" serve');
    expect(service).not.toContain("StateDirectory");
  });

  it.each([
    ['/srv/it\'s "so"', '"/srv/it\'s \\"so\\""', '"/srv/it\'s \\"so\\""'],
    ["/srv/back\\slash", '"/srv/back\\\\slash"', '"/srv/back\\\\slash"'],
    ["/srv/$HOME/a;b", '"/srv/$HOME/a;b"', '"/srv/$$HOME/a;b"'],
    ["/var/lib/a:b", "/var/lib/a:b", "/var/lib/a:b"],
    ["/srv/ünï/🦊,x", "/srv/ünï/🦊,x", "/srv/ünï/🦊,x"],
  ])("the state folder %j stays one path, in a setting and as an argument", (state, setting, argument) => {
    const config = { ...DEFAULT.config, state };
    const service = renderUnits({ ...DEFAULT, config })["canonical-sweep.service"];
    expect(service).toContain(`\nReadWritePaths=${setting}\n`);
    expect(service).toContain(` --state ${argument} serve\n`);
  });

  it("writes times that the clock skips down one by one", () => {
    const config = { ...DEFAULT.config, schedule: "30 2 * * 0", timezone: "Europe/Berlin" };
    const timer = renderUnits({ ...DEFAULT, config })["canonical-sweep-sweep.timer"] ?? "";
    expect(timer).toContain("OnCalendar=Sun *-*-* 02:30:00 Europe/Berlin\n");
    expect(timer).toContain("OnCalendar=2027-03-28 01:30:00 UTC\n");
    expect(timer.match(/^OnCalendar=/gm)).toHaveLength(6);
  });

  it("a schedule that sets day of month and day of week has a line for each: systemd wants a day to be in both", () => {
    const config = { ...DEFAULT.config, schedule: "0 3 1 * 0" };
    const timer = renderUnits({ ...DEFAULT, config })["canonical-sweep-sweep.timer"] ?? "";
    expect(timer).toContain("\nOnCalendar=*-*-01 03:00:00 UTC\nOnCalendar=Sun *-*-* 03:00:00 UTC\n");
  });

  it("gives a stop the time that the longest rollback needs", () => {
    const recipe = {
      timeouts: { ...DEFAULT.config.timeouts, promote: 60 * MINUTE_MS },
      enrolled: true,
      driver: "swarm",
    };
    const config = { ...DEFAULT.config, recipes: [recipe] as unknown as UnitFacts["config"]["recipes"] };
    const service = renderUnits({ ...DEFAULT, config })["canonical-sweep.service"];
    expect(service).toContain("TimeoutStopSec=4260s\n");
    expect(service).toContain("After=network-online.target docker.service\n");
  });
});

describe("`units`, for a service that would not find its files", () => {
  it("says which paths it cannot see, and prints the units all the same", async () => {
    const { config, state } = sampleSweep({ gitea: {} });
    const hidden = (path: string) =>
      `${path}: the service sees nothing below /tmp and /var/tmp (PrivateTmp=yes)`;
    const elsewhere = ["--config", config, "--state", "/srv/canonical-sweep", "units"];
    const beside = await runProgram(["--config", config, "--state", state, "units"]);
    expect(beside.stdout).toContain("canonical-sweep.service");
    for (const path of [config, state].filter((path) => path.startsWith("/tmp/")))
      expect(beside.stderr).toContain(hidden(path));
    expect((await runProgram(elsewhere)).stderr).not.toContain("/srv/canonical-sweep: ");
    const hiddenState = await runProgram([
      "--config",
      config,
      "--state",
      "/var/tmp/canonical-sweep",
      "units",
    ]);
    expect(hiddenState.stderr).toContain(hidden("/var/tmp/canonical-sweep"));
  });
});
