import { COMMANDS, script } from "../../support/sample-app.ts";
import type { RecipeSetup } from "../../support/world.ts";

/** A recipe one of whose commands or tests does not end. */
export interface Wedge {
  what: string;
  setup: RecipeSetup;
  /** The tier that its release fails. */
  tier: "install" | "upgrade" | "backup" | "restore" | "custom";
  /** The step that is named, the setting of its limit, and the last thing seen. */
  step: string;
  setting: "timeouts.deploy" | "timeouts.tier";
  lastSeen: string;
}

const FOR_EVER = "while :; do sleep 1; done";

/** Every way in which a child can go on, as shell. */
const WAYS = {
  "ignores TERM": [`trap '' TERM; echo "waiting for the database"; ${FOR_EVER}`, "waiting for the database"],
  "leaves a grandchild in a session of its own that holds the output": [
    `setsid bash -c 'trap "" TERM; echo "I hold it"; ${FOR_EVER}' & sleep 600`,
    "I hold it",
  ],
  "starts a daemon by a double fork": [
    `( setsid bash -c '( trap "" TERM; echo "a daemon"; ${FOR_EVER} ) & exit 0' & ); sleep 600`,
    "a daemon",
  ],
  "prints lines for ever": ["yes aaaaaaaaaaaaaaaaaaaaaaaa", "a"],
  "prints one line for ever": ["tr '\\0' a </dev/zero", "aaaaaaaa"],
  "prints nothing": ["sleep 600", ""],
  "closes its output": ["exec >&- 2>&-; sleep 600", ""],
  "stops itself": ["echo 'I stop here'; kill -STOP $$; sleep 600", "I stop here"],
  "starts 200 children": ["for i in {1..200}; do sleep 600 & done; echo 'all started'; wait", "all started"],
} as const;
type Way = keyof typeof WAYS;

/** Deploys of a new release that go on for ever, each in its own way. */
export function wedgedDeploys(ways: readonly Way[]): Record<string, Wedge> {
  return named("deploy", ways, (way) => ({
    what: `a deploy ${way}`,
    setup: { commands: { deploy: WAYS[way][0] } },
    tier: "install",
    step: "deploy",
    setting: "timeouts.deploy",
    lastSeen: WAYS[way][1] || "no output",
  }));
}

/** Tests of a recipe that go on for ever. */
export function wedgedTests(ways: readonly Way[]): Record<string, Wedge> {
  return named("test", ways, (way) => ({
    what: `a test script ${way}`,
    setup: { files: { "tests/custom/goes-on": script(WAYS[way][0]) } },
    tier: "custom",
    step: "custom/goes-on",
    setting: "timeouts.tier",
    lastSeen: WAYS[way][1],
  }));
}

/** The operator's other commands, each deaf to TERM. */
export function wedgedCommands(names: readonly ("backup" | "restore" | "version")[]): Record<string, Wedge> {
  return Object.fromEntries(names.map((name) => [name, wedgedCommand(name)]));
}

function wedgedCommand(name: "backup" | "restore" | "version"): Wedge {
  const [deaf, lastSeen] = WAYS["ignores TERM"];
  const whileUp = `[ ! -e "$SWEEP_DATA/run/port" ] || { ${deaf}; }; ${COMMANDS.version}`;
  return {
    what: `a \`${name}\` ignores TERM`,
    setup: { commands: { [name]: name === "version" ? whileUp : deaf } },
    tier: name === "version" ? "install" : name,
    step: name,
    setting: name === "version" ? "timeouts.deploy" : "timeouts.tier",
    lastSeen,
  };
}

function named(prefix: string, ways: readonly Way[], make: (way: Way) => Wedge): Record<string, Wedge> {
  return Object.fromEntries(
    ways.map((way) => [`${prefix}-${way.split(" ").slice(0, 2).join("-").toLowerCase()}`, make(way)]),
  );
}
