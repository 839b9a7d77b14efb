import { describe, expect, it } from "vitest";
import { publishedPorts } from "../../src/driver/published-ports.ts";

describe("the ports that a compose file publishes", () => {
  it.each<[unknown, string[]]>([
    [8080, []],
    ["80", []],
    ["8080:80", ["8080-8080/tcp ingress"]],
    ["8080:80/UDP", ["8080-8080/udp ingress"]],
    ["8000-8002:80-82", ["8000-8002/tcp ingress"]],
    ["127.0.0.1:8080:80", ["8080-8080/tcp ingress"]],
    ["127.0.0.1::80", []],
    ["[::1]:8080:80/sctp", ["8080-8080/sctp ingress"]],
    [{ target: 80 }, []],
    [{ target: 80, mode: "host" }, []],
    [{ target: 80, published: 0, mode: "host" }, []],
    [{ target: 80, published: 8080 }, ["8080-8080/tcp ingress"]],
    [{ target: 80, published: "8080", protocol: "udp", mode: "host" }, ["8080-8080/udp host"]],
    [{ target: 80, published: "8000-8002" }, ["8000-8002/tcp ingress"]],
    ["nonsense", []],
    ["http:80", []],
    [null, []],
    [[["8080:80"]], []],
  ])("of %j are %j", (entry, expected) => {
    const found = publishedPorts({ app: { ports: [entry] } });
    expect(found.map(({ first, last, protocol, mode }) => `${first}-${last}/${protocol} ${mode}`)).toEqual(
      expected,
    );
  });

  it.each([undefined, null, "8080:80", { 0: "8080:80" }, 7])("are none where `ports` is %j", (ports) => {
    expect(publishedPorts({ app: { ports } })).toEqual([]);
  });
});
