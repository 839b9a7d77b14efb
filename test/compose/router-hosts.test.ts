import { expect, it } from "vitest";
import { foreignHosts } from "../../src/compose/router-hosts.ts";
import { readFiles } from "./read.ts";

const DOMAIN = "app.example.org";

function hostsOf(key: string, value: string): string[] {
  const service = { image: "a", [key === "VIRTUAL_HOST" ? "environment" : "labels"]: { [key]: value } };
  const { compose, problems } = readFiles(JSON.stringify({ version: "3.8", services: { app: service } }));
  expect(problems).toEqual([]);
  return foreignHosts(compose ?? expect.fail("it was read"), DOMAIN);
}

const RULE = "traefik.http.routers.x.rule";

it.each([
  ["Host(`app.example.org`)", []],
  ["Host(`www.app.example.org`) && PathPrefix(`/x`)", []],
  ["(Host(`app.example.org`) || Host(`b.app.example.org`)) && (PathPrefix(`/a`) || Method(`GET`))", []],
  ['Host("app.example.org", "APP.example.org.")', []],
  ["Host(`app.example.org`, `login.example.org`)", ["login.example.org"]],
  ["Host(`notapp.example.org`)", ["notapp.example.org"]],
  ["Host(`app.example.org.evil.test`)", ["app.example.org.evil.test"]],
  ["Host(`app.example.org`) || PathPrefix(`/`)", ["*"]],
  ["PathPrefix(`/`)", ["*"]],
  ["!Host(`app.example.org`)", ["*"]],
  ["!(Host(`app.example.org`))", ["*"]],
  ["HostRegexp(`.*`)", ["*"]],
  ["Host(`app.example.org`) && Unknown(`x`)", ["*"]],
  ["Host(`*`)", ["*"]],
  ["Host(`app.example.org`) Host(`b`)", ["*"]],
  ["Host(`app.example.org`", ["*"]],
  ["", ["*"]],
])("a rule of Traefik takes only the hosts that it names: %s", (rule, hosts) => {
  expect(hostsOf(RULE, rule)).toEqual(hosts);
});

it.each([
  ["traefik.tcp.routers.x.rule", "HostSNI(`*`)", ["*"]],
  ["traefik.udp.routers.x.entrypoints", "dns", ["*"]],
  ["traefik.frontend.rule", "Host:app.example.org,other.test;PathPrefix:/x", ["other.test"]],
  ["caddy", "app.example.org, https://other.test:443/x", ["other.test"]],
  ["caddy_1", "*.example.org", ["*"]],
  ["caddy", ":443, app.example.org", ["*"]],
  ["caddy", "http://", ["*"]],
  ["VIRTUAL_HOST", "app.example.org,other.test", ["other.test"]],
  ["traefik.http.services.x.loadbalancer.server.port", "80", []],
])("a rule of Traefik that may take a foreign host is said to: %s: %s", (label, value, hosts) => {
  expect(hostsOf(label, value)).toEqual(hosts);
});

it("a rule of Traefik of a megabyte is read at once, as one that takes every host", () => {
  const began = performance.now();
  expect(hostsOf(RULE, "(".repeat(200_000))).toEqual(["*"]);
  expect(performance.now() - began).toBeLessThan(2_000);
});
