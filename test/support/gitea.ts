import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const PART = resolve(".ci/parts/gitea");

/** A real Gitea that was started for this test alone, with an administrator's token. */
export interface Gitea {
  /** `http://127.0.0.1:PORT`. */
  url: string;
  tokenFile: string;
  token: string;
  /** Asks the API below `/api/v1/`; throws where it does not answer with 2xx. */
  api<T = unknown>(method: string, path: string, body?: unknown): Promise<T>;
  close(): void;
}

/** Why no Gitea can be started here, or null. In CI that is no reason to skip. */
export function giteaMissing(): string | null {
  const cache = process.env.CANONICAL_SWEEP_CACHE ?? "/var/cache/canonical-sweep";
  const program = process.env.SWEEP_TEST_GITEA ?? join(cache, "gitea-1.26.0");
  if (process.env.CI === "true") return null;
  return existsSync(program) && existsSync(`${program}-static`) ? null : `run .ci/parts/gitea install`;
}

/** Starts Gitea on a free port in a folder of its own. */
export function startGitea(): Gitea {
  const folder = mkdtempSync(join(tmpdir(), "sweep-gitea-"));
  execFileSync(PART, ["start", folder], { stdio: ["ignore", "ignore", "pipe"], timeout: 120_000 });
  const values = new Map(
    readFileSync(join(folder, "env"), "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
  );
  const url = values.get("GITEA_URL") ?? "";
  const tokenFile = values.get("GITEA_TOKEN_FILE") ?? "";
  const token = readFileSync(tokenFile, "utf8").trim();
  return {
    url,
    tokenFile,
    token,
    api: (method, path, body) => askApi({ url, token }, method, path, body),
    close: () => {
      execFileSync(PART, ["stop", folder], { stdio: "ignore" });
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function askApi<T>(
  forge: { url: string; token: string },
  method: string,
  path: string,
  body?: unknown,
): Promise<T> {
  const response = await fetch(`${forge.url}/api/v1/${path}`, {
    method,
    headers: { authorization: `token ${forge.token}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return (text === "" ? null : JSON.parse(text)) as T;
}
