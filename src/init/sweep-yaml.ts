/**
 * The `sweep.yaml` from `init`: every setting with its default, commented out (`#key: value`), or with an example where
 * it says so. `path` holds the sample recipe's folders beyond the system's.
 */
export function sweepYaml(path: readonly string[]): string {
  return TEMPLATE.replace("PATH_SETTING\n", pathSetting(path));
}

function pathSetting(path: readonly string[]): string {
  return path.length === 0 ? "#path: []\n" : `path: ${JSON.stringify(path)}\n`;
}

const TEMPLATE = `# yaml-language-server: $schema=./schemas/sweep.schema.json
# The settings of canonical-sweep. A setting that is commented out shows its default, or is an example where it
# says so: take the first # away to change it. Every recipe has a folder of its own in recipes/.

# Apps live at <name>.<domain>: a domain of which every name leads to the edge of the swarm.
domain: ci.example.org

# Where records, runs and mirrors are kept; relative to this folder. The default: /var/lib/canonical-sweep
state: ./.canonical-sweep

# When to sweep (cron(5): minute, hour, day of the month, month, day of the week; both days set: either), and in
# which time zone.
#schedule: "0 3 * * 0"
#timezone: UTC

# How apps are deployed: abra, swarm (plain docker stack), or command (the recipe's own commands).
#driver: abra

# Where the recipes come from. A path that begins with ./ counts from this folder.
upstream: https://git.coopcloud.tech/coop-cloud/{recipe}.git

# Our own copy of each recipe on our own forge (an example). Without it the state folder holds the mirrors.
#mirror:
#  url: https://git.example.org/recipes/{recipe}.git
#  forge: { kind: gitea, url: "https://git.example.org", tokenFile: /etc/canonical-sweep/forge-token }

# How a health probe reaches an app: it connects here and keeps the app's name in SNI and Host.
# With a certificate of one's own authority (an example): caFile: /etc/canonical-sweep/ca.pem
#edge:
#  address: 127.0.0.1
#  port: 443
#  scheme: https

# Swarms of one node; each runs one cold test at a time. Each may have an edge of its own.
#lanes: [{ name: main, server: default, context: default }]

# Fewer enrolled recipes than this make a sweep hollow: it says nothing, whatever it shows.
#floor: { enrolled: 1 }

# Limits on the wall clock.
#timeouts: { deploy: 10m, tier: 15m, promote: 20m, recipe: 60m, sweep: 12h, git: 60s }

# The disk budget: what stays free, and what all canonicals may hold together.
#disk: { minFree: 5GiB, canonicals: 50GiB }

# So many machinery failures in a row stop a lane.
#breaker: { consecutiveMachinery: 3 }

# So many exits with the same code, never up for longer: a crash loop, and no use in waiting.
#crashLoop: { exits: 5, longestUp: 30s }

# An image with GNU cp and tar, used when Docker's daemon is not on this host.
#snapshot: { helper: debian }

# Others use more than this share of the processors: then no investigation begins.
#investigate: { busyAbove: 0.25 }

# So many runs are kept.
#keep: { runs: 52 }

# The address of the status page.
#listen: 127.0.0.1:8390

# Whether other machines may reach it, and the names by which it is asked for then or through a proxy.
#allowRemote: false
#allowedHosts: []

# Folders that are searched for tools before the system's own. An inherited PATH never is.
PATH_SETTING
# What the recipes' tests call beyond the program's own tools, for example [{ name: python3, atLeast: "3.11" }]
#tools: []

# Variables that tests are given, for example { PLAYWRIGHT_BROWSERS_PATH: /opt/browsers }
#environment: {}

# Receivers of messages about sweeps (an example): on change, always, or failure.
#notify: [{ webhook: "https://chat.example.org/hooks/sweep", on: change }]

# Asked after each sweep that was neither hollow nor stopped (an example).
#heartbeat: https://hc.example.org/ping/sweep
`;
