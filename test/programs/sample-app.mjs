// The app of the recipes in test/incidents: `sample-app DATA VERSION [--deaf] [--status=N]`.
// GET / and /version say its version, GET POST PUT DELETE /notes keep text in DATA/notes.txt. DATA/run/{pid,port}
// stand once it listens. `--deaf` ignores TERM; `--status` is what it answers at /.
import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { text } from "node:stream/consumers";

// Required, because an import of it takes longer than all else here: it reads every export, and one loads undici.
const { createServer } = createRequire(import.meta.url)("node:http");
const [data, version, ...flags] = process.argv.slice(2);
const notes = join(data, "notes.txt");
const status = Number(flags.find((flag) => flag.startsWith("--status="))?.slice("--status=".length) ?? 200);
if (flags.includes("--deaf")) process.on("SIGTERM", () => {});

const server = createServer(async (request, response) => {
  const body = await text(request);
  switch (`${request.method} ${request.url}`) {
    case "GET /":
      response.writeHead(status).end(version);
      return;
    case "GET /version":
      response.end(version);
      return;
    case "GET /notes":
      response.end(existsSync(notes) ? readFileSync(notes) : "");
      return;
    case "POST /notes":
      appendFileSync(notes, `${body}\n`);
      response.end("kept");
      return;
    case "PUT /notes":
    case "DELETE /notes":
      writeFileSync(notes, body);
      response.end("kept");
      return;
    default:
      response.writeHead(404).end("not found");
  }
});
server.listen(0, "127.0.0.1", () => {
  mkdirSync(join(data, "run"), { recursive: true });
  writeFileSync(join(data, "run/pid"), String(process.pid));
  // Whoever waits for the file reads it as soon as it is there.
  writeFileSync(join(data, "run/port.new"), String(server.address().port));
  renameSync(join(data, "run/port.new"), join(data, "run/port"));
});
