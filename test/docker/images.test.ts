import { describe, expect, it } from "vitest";
import { firstError, isSurroundings } from "../../src/docker/failure.ts";
import { isRegistryTrouble } from "../../src/docker/images.ts";
import { tellingLine } from "../../src/docker/watch/last-words.ts";

describe("a pull that failed", () => {
  it.each([
    ["toomanyrequests: You have reached your pull rate limit.", true],
    ["received unexpected HTTP status: 503 Service Unavailable", true],
    ["Get https://registry-1.docker.io/v2/: dial tcp: lookup registry-1.docker.io: no such host", true],
    ["Get http://localhost:9/v2/: dial tcp 127.0.0.1:9: connect: connection refused", true],
    ["net/http: TLS handshake timeout", true],
    ["manifest for gitea/gitea:9 not found: manifest unknown: manifest unknown", false],
    ["pull access denied for nope, repository does not exist or may require 'docker login'", false],
    ["invalid reference format", false],
  ])("with %s is the registry's fault: %s", (message, isTrouble) => {
    expect(isRegistryTrouble(message)).toBe(isTrouble);
  });
});

describe("the first error of a pull", () => {
  it("is never a line of progress", () => {
    expect(firstError('Creating network s_x\nservice app: undefined network "nope"\n')).toBe(
      'service app: undefined network "nope"',
    );
    expect(firstError("")).toBeNull();
  });

  it("is machinery's where Docker is away", () => {
    expect(isSurroundings("Cannot connect to the Docker daemon at unix:///var/run/docker.sock.")).toBe(true);
    expect(isSurroundings('service app: undefined network "nope"')).toBe(false);
  });
});

describe("the telling last words of a container", () => {
  it.each([
    ["starting\nFATAL could not open config\nbye\n", "FATAL could not open config"],
    ["starting\nbye\n", "bye"],
    ["", null],
  ])("are read out of %j: %s", (log, line) => {
    expect(tellingLine(log)).toBe(line);
  });
});
