/**
 * The app of the demo's recipes: a notebook over HTTP, in a separate program, started as `server RELEASE-FILE
 * DATA-FOLDER` by the recipes' `control`, or in a container by their compose files.
 */
import type { IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { http } from "../edge/node-http.ts";
import { isReadOnly } from "../state/file-facts.ts";
import { readTextIfAny, writeWhole } from "../state/files.ts";
import type { SampleRelease } from "./sample-release.ts";

const [releaseFile = "", data = ""] = process.argv.slice(2);
const release = JSON.parse(readTextIfAny(releaseFile) ?? "{}") as SampleRelease;
const notes = join(data, "notes.txt");
const { DEMO_PORT: fixedPort, DEMO_SERVICE: service = "", DEMO_REFUSES: refused } = process.env;
const servedBy = join(data, "served-by");
const basePath = readTextIfAny(join(data, "base-path"))?.trim() ?? "";

if (release.quirk === "image-gone") giveUp(`image ${release.name}:${release.version} not found`);
if (release.quirk === "rewrites-settings" && wasMoved()) rewriteSettings();
writeWhole(servedBy, service);
// Without this, the first process of a container ignores TERM.
process.on("SIGTERM", () => process.exit(0));
serve();

/** Whether another service had the data before; always true for a process outside of Docker. */
function wasMoved(): boolean {
  const before = readTextIfAny(servedBy);
  return service === "" || (before !== null && before !== service);
}

function rewriteSettings(): void {
  const settings = join(data, "settings.json");
  if (isReadOnly(settings)) giveUp(`cannot write ${settings}: it is read-only`);
  writeWhole(settings, `${JSON.stringify({ writtenBy: release.version })}\n`);
}

function giveUp(problem: string): never {
  process.stderr.write(`Error: ${problem}\n`);
  process.exit(1);
}

function serve(): void {
  const server = http.createServer(async (request, response) => {
    const answer = await answerTo(request);
    response.writeHead(answer === null ? 404 : 200, { "content-type": "text/plain" });
    response.end(answer ?? "not found");
  });
  const [wanted, address] = fixedPort === undefined ? [0, "127.0.0.1"] : [Number(fixedPort), "0.0.0.0"];
  server.listen(wanted, address, () => {
    const { port } = server.address() as AddressInfo;
    process.stdout.write(`${release.name} ${release.version} listens on port ${port}\n`);
    writeWhole(join(data, "run", "pid"), `${process.pid}\n`);
    writeWhole(join(data, "run", "url"), `http://127.0.0.1:${port}\n`);
  });
}

async function answerTo(request: IncomingMessage): Promise<string | null> {
  const url = request.url ?? "/";
  if (refused !== undefined && request.headers.host?.startsWith(refused)) return null;
  if (!url.startsWith(basePath)) return null;
  switch (`${request.method} ${url.slice(basePath.length)}`) {
    case "GET /":
      return `${release.name} ${release.version}`;
    case "GET /version":
      return release.version;
    case "GET /notes":
      return readTextIfAny(notes) ?? "";
    case "POST /notes":
      return keep(`${readTextIfAny(notes) ?? ""}${await text(request)}\n`);
    case "PUT /notes":
      return keep(await text(request));
    case "DELETE /notes":
      return keep("");
    default:
      return null;
  }
}

function keep(content: string): string {
  writeWhole(notes, content);
  return "kept";
}
