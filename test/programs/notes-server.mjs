// A server with data: GET / says its version, POST / appends a note, GET /notes lists them. Writes the port it
// got to DATA/run/port once it listens. `--ignores-term` makes it deaf to TERM.
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

// Required, because an import of it takes longer than all else here: it reads every export, and one loads undici.
const { createServer } = createRequire(import.meta.url)("node:http");
const [data, version, ...flags] = process.argv.slice(2);
const notes = join(data, "notes.txt");
if (flags.includes("--ignores-term")) process.on("SIGTERM", () => {});

const server = createServer((request, response) => {
  if (request.method === "POST") appendFileSync(notes, `${decodeURIComponent(request.url.slice(1))}\n`);
  if (request.url === "/notes") response.end(existsSync(notes) ? readFileSync(notes) : "");
  else response.end(version);
});
server.listen(0, "127.0.0.1", () => {
  mkdirSync(join(data, "run"), { recursive: true });
  writeFileSync(join(data, "run/pid"), String(process.pid));
  writeFileSync(join(data, "run/port"), String(server.address().port));
});
