import { describe, expect, it } from "vitest";
import { publishedPorts } from "../../src/driver/published-ports.ts";
import { readFiles } from "../compose/read.ts";

describe("the ports that a release publishes", () => {
  it.each<[string, string[]]>([
    ["80", []],
    ['"8080:80"', ["8080/tcp ingress"]],
    ['"8080:80/UDP"', ["8080/udp ingress"]],
    ['"8000-8002:80-82"', ["8000/tcp ingress", "8001/tcp ingress", "8002/tcp ingress"]],
    ['"127.0.0.1:8080:80"', ["8080/tcp ingress"]],
    ['"[::1]:8080:80/sctp"', ["8080/sctp ingress"]],
    ["{ target: 80, mode: host }", []],
    ["{ target: 80, published: 0, mode: host }", []],
    ["{ target: 80, published: 8080, protocol: udp, mode: host }", ["8080/udp host"]],
  ])("of %s are %j", (entry, expected) => {
    const { compose, problems } = readFiles(
      `version: "3.8"\nservices: { app: { image: a, ports: [${entry}] } }\n`,
    );
    expect(problems).toEqual([]);
    const found = publishedPorts(compose?.services ?? {});
    expect(found.map(({ first, protocol, mode }) => `${first}/${protocol} ${mode}`)).toEqual(expected);
  });
});
