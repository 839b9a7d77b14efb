import { describe, expect, it } from "vitest";
import {
  certainSign,
  machinerySigns,
  missingInside,
  type Speaker,
} from "../../src/core/cause/machinery-signature.ts";
import { type HostEvidence, judgeSigns } from "../../src/core/cause/machinery-verdict.ts";

const HUB = "https://registry-1.docker.io/v2/library/redis/manifests/7";

describe("a word that only a client of Docker or of a registry says is believed", () => {
  it.each<[string, Speaker, string]>([
    [
      "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?",
      "deployer",
      "docker",
    ],
    ['error during connect: Get "http://lane:2375/v1.47/info": dial tcp: i/o timeout', "deployer", "docker"],
    [
      "Error response from daemon: rpc error: code = Unknown desc = The swarm does not have a leader.",
      "deployer",
      "docker",
    ],
    [
      "toomanyrequests: You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit",
      "host",
      "registry",
    ],
    [
      "Error response from daemon: toomanyrequests: You have reached your pull rate limit.",
      "app",
      "registry",
    ],
    [
      `Error response from daemon: Head "${HUB}": dial tcp 10.0.0.1:443: connect: connection refused`,
      "app",
      "registry",
    ],
    [
      'Error response from daemon: Get "https://registry-1.docker.io/v2/": net/http: TLS handshake timeout',
      "host",
      "registry",
    ],
    [
      `Get "${HUB}": dial tcp: lookup registry-1.docker.io on 127.0.0.53:53: server misbehaving`,
      "deployer",
      "registry",
    ],
    ["received unexpected HTTP status: 503 Service Unavailable", "deployer", "registry"],
    ["failed to register layer: write /usr/lib/libc.so: no space left on device", "deployer", "disk"],
  ])("%s (%s): %s", (line, speaker, part) => {
    expect(certainSign(`begin\n${line}\nend`, speaker)?.part).toBe(part);
  });
});

describe("a word that an app may say of its own things is judged by this machine", () => {
  it.each<[string, Speaker, string, string | null]>([
    ["cp: error writing '/data/x': No space left on device", "host", "disk", null],
    ["Error: ENOSPC: no space left on device, write", "app", "disk", null],
    ['FATAL:  could not write lock file "postmaster.pid": No space left on device', "app", "disk", null],
    ["OSError: [Errno 122] Disk quota exceeded", "host", "disk", null],
    ["docker: Cannot connect to the Docker daemon at unix:///var/run/docker.sock.", "host", "docker", null],
    ["curl: (6) Could not resolve host: api.example.org", "host", "dns", "api.example.org"],
    ["getaddrinfo EAI_AGAIN api.example.org", "app", "dns", "api.example.org"],
    ["Error: getaddrinfo ENOTFOUND db", "app", "dns", "db"],
    [
      "dial tcp: lookup api.example.org on 127.0.0.11:53: server misbehaving",
      "app",
      "dns",
      "api.example.org",
    ],
    [
      'psql: error: could not translate host name "db" to address: Temporary failure in name resolution',
      "app",
      "dns",
      "db",
    ],
    [
      "ssh: Could not resolve hostname git.example.org: Name or service not known",
      "host",
      "dns",
      "git.example.org",
    ],
    ["wget: bad address 'api.example.org'", "app", "dns", "api.example.org"],
    ["Err:1 http://deb Temporary failure resolving 'deb.example.org'", "app", "dns", "deb.example.org"],
  ])("%s (%s): %s of %s", (line, speaker, part, subject) => {
    expect(machinerySigns(line, speaker)).toEqual([
      expect.objectContaining({ part, subject, proof: "host" }),
    ]);
  });
});

describe("a near miss, said by an app of its own service, is no sign of machinery", () => {
  it.each([
    "dial tcp 10.0.1.5:5432: connect: connection refused",
    'Get "http://app:3000/v2/items": 404',
    "HTTP 429 Too Many Requests",
    "error: rate limit of the API is 60 requests a minute",
    "net/http: TLS handshake timeout",
    "upstream: context deadline exceeded",
    "read tcp 10.0.1.4:4000->10.0.1.5:5432: read: connection reset by peer",
    "there is no space in the name",
    "open /data/x: read-only file system",
    'service app: undefined network "nope"',
    'relation "ci_marker" does not exist',
    "404 page not found",
  ])("%s", (line) => {
    expect([...machinerySigns(line, "app"), ...machinerySigns(line, "host")]).toEqual([]);
  });

  it("a long output is read at its end only, and no line for ever", () => {
    const said = `toomanyrequests: a\n${"x".repeat(100_000)}\n`;
    expect(machinerySigns(said, "host")).toEqual([]);
    const startedMs = performance.now();
    machinerySigns('Get "https://'.repeat(200_000), "host");
    machinerySigns(`${"a.".repeat(500_000)}: Name or service not known`, "host");
    expect(performance.now() - startedMs).toBeLessThan(2_000);
  });
});

describe("a tool that is missing inside a container is known by the line that decided it", () => {
  it.each([
    ["/entrypoint.sh: line 3: envsubst: command not found", "envsubst"],
    ["/bin/sh: pg_dump: not found", "pg_dump"],
    ["/docker-entrypoint.sh: 12: gosu: not found", "gosu"],
    ['starting container failed: exec: "ngixn": executable file not found in $PATH: unknown', "ngixn"],
  ])("%s", (line, tool) => {
    expect(missingInside(line)).toMatchObject({ part: "tool", subject: tool });
  });

  it.each(["cat: /data/config.json: No such file or directory", "service db: not found", "user not found"])(
    "a line that decides nothing is passed over: %s",
    (line) => {
      expect(missingInside(line)).toBeNull();
    },
  );
});

const HEALTHY: HostEvidence = {
  disks: [{ path: "/state", free: 10 * 2 ** 30 }],
  minFree: 2 ** 30,
  docker: true,
  names: { "git.example.org": "resolves" },
  control: ["git.example.org"],
};
const FULL: HostEvidence = { ...HEALTHY, disks: [{ path: "/state", free: 2 ** 20 }] };
const NO_DNS: HostEvidence = {
  ...HEALTHY,
  names: { "api.example.org": "no-answer", "git.example.org": "no-answer" },
};

describe("this machine's state confirms a sign of machinery", () => {
  it.each<[string, HostEvidence, RegExp | null]>([
    ["No space left on device", FULL, /^the disk is full: 1\.0 MiB free at \/state: No space/],
    ["No space left on device", HEALTHY, null],
    ["Is the docker daemon running?", { ...HEALTHY, docker: false }, /^Docker is away: /],
    ["Is the docker daemon running?", { ...HEALTHY, docker: null }, /^Docker is away: /],
    ["Is the docker daemon running?", HEALTHY, null],
    ["Could not resolve host: api.example.org", NO_DNS, /^DNS is gone: /],
    [
      "Could not resolve host: api.example.org",
      { ...HEALTHY, names: { ...HEALTHY.names, "api.example.org": "unknown" } },
      null,
    ],
    [
      "Could not resolve host: api.example.org",
      { ...NO_DNS, names: { "api.example.org": "resolves", "git.example.org": "no-answer" } },
      null,
    ],
    ["getaddrinfo ENOTFOUND db", NO_DNS, null],
    ["Temporary failure in name resolution", { ...NO_DNS, names: {}, control: [] }, null],
  ])("%s", (line, evidence, broken) => {
    const verdict = judgeSigns(machinerySigns(line, "app"), evidence);
    if (broken === null) {
      expect(verdict.broken).toBeNull();
      expect(verdict.ruledOut).toHaveLength(1);
    } else expect(verdict.broken).toMatch(broken);
  });

  it("a disk with nothing left is machinery, whatever was said; one that is merely low is not", () => {
    expect(judgeSigns([], { ...FULL, disks: [{ path: "/state", free: 0 }] }).broken).toMatch(
      /^the disk is full/,
    );
    expect(judgeSigns([], FULL)).toEqual({ broken: null, ruledOut: [] });
    expect(judgeSigns([], { ...FULL, disks: [{ path: "/state", free: null }] }).broken).toBeNull();
  });
});
