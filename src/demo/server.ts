/**
 * The app of the demo's recipes: a notebook over HTTP, a program of its own. The recipes' `control` starts it
 * in a session of its own as `server RELEASE-FILE DATA-FOLDER`.
 */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { readTextIfAny, writeWhole } from "../state/files.ts";
import { isReadOnly } from "../state/read-only.ts";
import type { SampleRelease } from "./sample-release.ts";

const [releaseFile = "", data = ""] = process.argv.slice(2);
const release = JSON.parse(readTextIfAny(releaseFile) ?? "{}") as SampleRelease;
const notes = join(data, "notes.txt");
const basePath = readTextIfAny(join(data, "base-path"))?.trim() ?? "";

if (release.quirk === "image-gone") giveUp(`image ${release.name}:${release.version} not found`);
if (release.quirk === "rewrites-settings") rewriteSettings();
serve();

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
  const server = createServer(async (request, response) => {
    const answer = await answerTo(request);
    response.writeHead(answer === null ? 404 : 200, { "content-type": "text/plain" });
    response.end(answer ?? "not found");
  });
  server.listen(0, "127.0.0.1", () => {
    const { port } = server.address() as AddressInfo;
    process.stdout.write(`${release.name} ${release.version} listens on port ${port}\n`);
    writeWhole(join(data, "run", "pid"), `${process.pid}\n`);
    writeWhole(join(data, "run", "url"), `http://127.0.0.1:${port}\n`);
  });
}

async function answerTo(request: IncomingMessage): Promise<string | null> {
  const url = request.url ?? "/";
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
