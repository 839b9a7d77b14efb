/** The sample recipe's repository with its releases, in the form for `git fast-import`. */
export function sampleHistory(): string {
  return [
    commitOf("Greet, and keep notes", release("1.0.0", "Hello"), 1),
    tagOf("0.1.0+1.0.0", 1),
    commitOf("Greet more warmly", release("1.1.0", "Hello, and welcome"), 2),
    tagOf("0.2.0+1.1.0", 2),
    "done\n",
  ].join("");
}

// Fixed, so that the same sample has the same commits everywhere.
const FIRST_DAY = 1_767_225_600;
const AUTHOR = "Sample <sample@example.org>";

function commitOf(message: string, files: Readonly<Record<string, string>>, day: number): string {
  const head = `commit refs/heads/main\ncommitter ${AUTHOR} ${FIRST_DAY + day * 86_400} +0000\n${data(message)}`;
  const changes = Object.entries(files).map(([path, text]) => `M 100644 inline ${path}\n${data(text)}`);
  return `${head}deleteall\n${changes.join("")}`;
}

function tagOf(name: string, day: number): string {
  const tagger = `tagger ${AUTHOR} ${FIRST_DAY + day * 86_400} +0000`;
  return `tag ${name}\nfrom refs/heads/main\n${tagger}\n${data(`Release ${name}`)}`;
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}\n`;
}

function release(app: string, greeting: string): Record<string, string> {
  return {
    "README.md": "# hello\n\nA sample recipe: a small server that greets and keeps notes.\n",
    "compose.yml": composeYaml(app),
    ".env.sample": "TYPE=hello\nDOMAIN=hello.example.org\n",
    "abra.sh": "# Versions of configs would stand here.\n",
    "server.mjs": serverSource(greeting),
  };
}

function composeYaml(app: string): string {
  return `version: "3.8"

services:
  app:
    image: registry.example.org/hello:${app}
    volumes:
      - notes:/data/notes
    deploy:
      labels:
        - "coop-cloud.\${STACK_NAME}.version=${app === "1.0.0" ? "0.1.0+1.0.0" : "0.2.0+1.1.0"}"

volumes:
  notes:
`;
}

function serverSource(greeting: string): string {
  return `// node server.mjs DATA VERSION: greets, and keeps notes in DATA/notes. Its address stands in DATA/url.
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";

const [data, version] = process.argv.slice(2);
const server = createServer((request, response) => {
  answer(request).then(
    ({ status, text }) => response.writeHead(status).end(text),
    (error) => response.writeHead(500).end(error.message),
  );
});
server.listen(0, "127.0.0.1", async () => {
  const temporary = join(data, "url.new");
  await writeFile(temporary, \`http://127.0.0.1:\${server.address().port}\\n\`);
  await rename(temporary, join(data, "url"));
  console.log(\`\${version} listens\`);
});
process.on("SIGTERM", () => process.exit(0));

async function answer(request) {
  if (request.url === "/") return { status: 200, text: "${greeting}\\n" };
  if (request.url === "/health") return { status: 200, text: "well\\n" };
  if (request.url === "/version") return { status: 200, text: \`\${version}\\n\` };
  const name = /^\\/notes\\/([a-z-]+)$/.exec(request.url)?.[1];
  return name === undefined ? { status: 404, text: "nothing here\\n" } : note(request, join(data, "notes", name));
}

async function note(request, file) {
  if (request.method === "DELETE") await rm(file, { force: true });
  else if (request.method === "PUT") await writeFile(file, await bodyOf(request));
  else return readFile(file, "utf8").then((text) => ({ status: 200, text }), () => ({ status: 404, text: "no such note" }));
  return { status: 204, text: undefined };
}

async function bodyOf(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts);
}
`;
}
