import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { TEST_GIT_ENVIRONMENT } from "./upstream.ts";

const BACKEND = "/usr/lib/git-core/git-http-backend";

/** What a repository's requests meet instead of git. */
export type Trouble =
  | { kind: "status"; status: number; body?: string }
  /** Accepts and says nothing. */
  | { kind: "stall" }
  /** Answers one byte a fifth of a second. */
  | { kind: "trickle" }
  /** Breaks the connection off after so many bytes of git's answer. */
  | { kind: "cut"; bytes: number }
  | { kind: "redirect"; to: string }
  /** Anything else in git's place. */
  | { kind: "instead"; answer: (response: ServerResponse) => void }
  /** Sends git's own answer in another way, once it is whole; its head is sent as it is, without a length. */
  | { kind: "altered"; send: (body: Buffer, response: ServerResponse) => void }
  /** Speaks nothing newer than git's protocol 0. */
  | { kind: "old" }
  /** Refuses without these credentials. */
  | { kind: "password"; user: string; password: string };

export interface GitRequest {
  /** The repository's path below the root, such as `gitea.git`. */
  repository: string;
  act: "advertise" | "list" | "fetch" | "push" | "other";
  authorization: string | undefined;
}

/** A git server (smart HTTP) on loopback over `git http-backend`. */
export interface GitServer {
  /** `http://127.0.0.1:PORT`, without a trailing slash. */
  url: string;
  urlOf(repository: string): string;
  /** Every request so far, in order. */
  requests: GitRequest[];
  /** How many requests of a kind there were, of one repository or of all. */
  count(act: GitRequest["act"], repository?: string): number;
  /** From now on requests to the repository meet this; null: git again. `acts` limits it to some of them. */
  trouble(repository: string, trouble: Trouble | null, acts?: readonly GitRequest["act"][]): void;
  /** Called before a request is answered: what a test wants to happen in between. */
  before: ((request: GitRequest) => void) | null;
  close(): Promise<void>;
}

/** Serves the bare repositories below `root`; pushes are let through. */
export async function startGitServer(root: string): Promise<GitServer> {
  const troubles = new Map<string, { trouble: Trouble; acts: readonly GitRequest["act"][] | null }>();
  const sockets = new Set<Socket>();
  const children = new Set<ChildProcess>();
  const requests: GitRequest[] = [];
  const http = createServer((incoming, response) => {
    const answer = (body: Buffer) => {
      const request = describe(incoming, body);
      requests.push(request);
      server.before?.(request);
      const set = troubles.get(request.repository);
      const trouble = set && (set.acts === null || set.acts.includes(request.act)) ? set.trouble : null;
      if (trouble === null || !meet(trouble, request, response))
        runBackend({ root, incoming, response, body, children, trouble });
    };
    // A client that was ended in the middle of its question gets no answer.
    readBody(incoming).then(answer, () => response.destroy());
  });
  http.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const server: GitServer = {
    url,
    urlOf: (repository) => `${url}/${repository}`,
    requests,
    count: (act, repository) =>
      requests.filter((each) => each.act === act && (repository ?? each.repository) === each.repository)
        .length,
    trouble: (repository, trouble, acts) => {
      if (trouble === null) troubles.delete(repository);
      else troubles.set(repository, { trouble, acts: acts ?? null });
    },
    before: null,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      for (const child of children) child.kill("SIGKILL");
      http.close();
      await once(http, "close");
    },
  };
  return server;
}

async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function describe(incoming: IncomingMessage, body: Buffer): GitRequest {
  const [path = "", query = ""] = (incoming.url ?? "").split("?");
  const repository = path
    .replace(/^\//, "")
    .replace(/\/(info\/refs|git-(upload|receive)-pack|HEAD|objects\/.*)$/, "");
  const authorization = incoming.headers.authorization;
  if (path.endsWith("/info/refs") && query.startsWith("service="))
    return { repository, act: "advertise", authorization };
  if (path.endsWith("/git-receive-pack")) return { repository, act: "push", authorization };
  if (!path.endsWith("/git-upload-pack")) return { repository, act: "other", authorization };
  const lists = body.subarray(0, 200).includes("command=ls-refs");
  return { repository, act: lists ? "list" : "fetch", authorization };
}

/** Answers in git's place; false where git is to answer all the same. */
function meet(trouble: Trouble, request: GitRequest, response: ServerResponse): boolean {
  switch (trouble.kind) {
    case "status":
      response.writeHead(trouble.status, { "content-type": "text/plain" });
      response.end(trouble.body ?? "");
      return true;
    case "stall":
      return true;
    case "trickle":
      trickle(response);
      return true;
    case "redirect":
      response.writeHead(302, {
        location: trouble.to + (response.req.url ?? "").slice(request.repository.length + 1),
      });
      response.end();
      return true;
    case "password":
      return refuse(trouble, request, response);
    case "instead":
      trouble.answer(response);
      return true;
    case "cut":
    case "altered":
    case "old":
      return false;
  }
}

function trickle(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "application/x-git-upload-pack-advertisement" });
  const timer = setInterval(() => response.write("0"), 200);
  response.on("close", () => clearInterval(timer));
}

function refuse(
  trouble: { user: string; password: string },
  request: GitRequest,
  response: ServerResponse,
): boolean {
  const wanted = `Basic ${Buffer.from(`${trouble.user}:${trouble.password}`).toString("base64")}`;
  if (request.authorization === wanted) return false;
  response.writeHead(401, { "www-authenticate": 'Basic realm="git"' });
  response.end("who are you?");
  return true;
}

function cutOf(trouble: Trouble | null): number | null {
  return trouble?.kind === "cut" ? trouble.bytes : null;
}

interface BackendRun {
  root: string;
  incoming: IncomingMessage;
  response: ServerResponse;
  body: Buffer;
  children: Set<ChildProcess>;
  trouble: Trouble | null;
}

function runBackend({ root, incoming, response, body, children, trouble }: BackendRun): void {
  if (trouble?.kind === "old") delete incoming.headers["git-protocol"];
  const cut = cutOf(trouble);
  const child = spawn(BACKEND, [], {
    env: cgiEnvironment(root, incoming, body),
    stdio: ["pipe", "pipe", "ignore"],
  });
  children.add(child);
  child.on("close", () => children.delete(child));
  child.stdin.on("error", () => {});
  child.stdin.end(body);
  const chunks: Buffer[] = [];
  let sent: number | null = null;
  const send = (bytes: Buffer) => {
    sent = (sent ?? 0) + bytes.length;
    response.write(bytes);
    if (cut !== null && sent >= cut) response.destroy();
  };
  if (trouble?.kind === "altered") {
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.stdout.on("end", () => sendAltered(Buffer.concat(chunks), response, trouble.send));
    return;
  }
  child.stdout.on("data", (chunk: Buffer) => {
    if (sent !== null) return send(cut === null ? chunk : chunk.subarray(0, cut));
    chunks.push(chunk);
    const begin = Buffer.concat(chunks);
    const end = begin.indexOf("\r\n\r\n");
    if (end < 0) return;
    writeHead(response, begin.subarray(0, end).toString());
    const rest = begin.subarray(end + 4);
    send(cut === null ? rest : rest.subarray(0, cut));
  });
  child.stdout.on("end", () => response.end());
}

function sendAltered(
  whole: Buffer,
  response: ServerResponse,
  send: (body: Buffer, response: ServerResponse) => void,
): void {
  const end = whole.indexOf("\r\n\r\n");
  writeHead(response, whole.subarray(0, end).toString());
  send(whole.subarray(end + 4), response);
}

function writeHead(response: ServerResponse, text: string): void {
  const headers = text.split("\r\n").map((line) => line.split(/:\s*/, 2) as [string, string]);
  const status = headers.find(([name]) => name.toLowerCase() === "status");
  const others = headers.filter(([name]) => name.toLowerCase() !== "status");
  response.writeHead(status === undefined ? 200 : Number.parseInt(status[1], 10), Object.fromEntries(others));
}

function cgiEnvironment(root: string, incoming: IncomingMessage, body: Buffer): Record<string, string> {
  const [path = "", query = ""] = (incoming.url ?? "").split("?");
  const protocol = incoming.headers["git-protocol"];
  const encoding = incoming.headers["content-encoding"];
  return {
    ...TEST_GIT_ENVIRONMENT,
    GIT_PROJECT_ROOT: root,
    GIT_HTTP_EXPORT_ALL: "1",
    REMOTE_USER: "test",
    REMOTE_ADDR: "127.0.0.1",
    REQUEST_METHOD: incoming.method ?? "GET",
    PATH_INFO: decodeURIComponent(path),
    QUERY_STRING: query,
    CONTENT_TYPE: incoming.headers["content-type"] ?? "",
    CONTENT_LENGTH: String(body.length),
    ...(typeof protocol === "string" ? { GIT_PROTOCOL: protocol } : {}),
    ...(typeof encoding === "string" ? { HTTP_CONTENT_ENCODING: encoding } : {}),
  };
}
