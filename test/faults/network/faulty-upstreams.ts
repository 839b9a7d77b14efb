import type { ServerResponse } from "node:http";
import type { GitRequest, Trouble } from "../../support/git-server.ts";

/** An upstream with a fault of its own, the words of git that its row must have, and what it is called. */
export interface FaultyUpstream {
  what: string;
  told: RegExp;
  trouble?: Trouble;
  acts?: readonly GitRequest["act"][];
  /** `timeouts.git`, where it is another one. */
  limit?: string;
}

const LIST = ["list"] as const;
const FETCH = ["fetch"] as const;
const TIME = /did not end within 8\.0s \(timeouts\.git\); last seen: /;

/** What is wrong with each of them; the recipe has the name of the key. */
export const FAULTY_UPSTREAMS: Readonly<Record<string, FaultyUpstream>> = {
  "never-answers": { what: "accepts and never answers", told: TIME, trouble: { kind: "stall" } },
  trickles: { what: "sends one byte every 200 ms", told: TIME, trouble: { kind: "trickle" } },
  "stalls-in-list": {
    what: "stalls in the middle of its list of refs",
    told: TIME,
    trouble: altered((body, response) => void response.write(half(body))),
    acts: LIST,
  },
  "endless-list": {
    what: "lists refs without an end",
    told: TIME,
    trouble: { kind: "instead", answer: listForEver },
    acts: LIST,
  },
  "huge-list": {
    what: "lists 100,000 tags, more than are mirrored",
    limit: "25s",
    told: /^upstream has 10000\d tags; at most 10000 are mirrored$/,
    trouble: altered((body, response) => void response.end(withManyTags(body, 100_000))),
    acts: LIST,
  },
  "stalls-at-fetch": {
    what: "lists its refs and then never answers the fetch",
    told: TIME,
    trouble: { kind: "stall" },
    acts: FETCH,
  },
  "cut-in-list": {
    what: "breaks off in the middle of its list of refs",
    told: /git ls-remote .* exited with 128/,
    trouble: altered((body, response) => cut(half(body), response)),
    acts: LIST,
  },
  "cut-in-pack": {
    what: "breaks off in the middle of the pack",
    told: /git fetch .* exited with (1|128): .*(curl|RPC failed|early EOF|unexpected disconnect)/,
    trouble: altered((body, response) => cut(half(body), response)),
    acts: FETCH,
  },
  "short-pack": {
    what: "ends the pack half-way with a clean end of the answer",
    told: /git fetch .* exited with (1|128): .*(early EOF|disconnect|hung up|unpack|index-pack)/,
    trouble: altered((body, response) => void response.end(half(body))),
    acts: FETCH,
  },
  "corrupt-pack": {
    what: "sends a pack with a wrong byte",
    told: /git fetch .* exited with (1|128): .*(inflate|unpack|pack|corrupt|index-pack)/,
    trouble: altered((body, response) => void response.end(spoilt(body))),
    acts: FETCH,
  },
  "no-object": {
    what: "lists a tag whose object it does not have",
    told: /git fetch .* exited with 128: .*not our ref/,
    trouble: altered((body, response) => void response.end(withTagOfNothing(body))),
    acts: LIST,
  },
  "status-401": {
    what: "answers 401 to the credentials that it was given",
    told: /git ls-remote .* exited with 128: .*(could not read Username|Authentication failed)/,
    trouble: {
      kind: "instead",
      answer: (response) => response.writeHead(401, { "www-authenticate": 'Basic realm="git"' }).end(),
    },
  },
  "status-403": status(403),
  "status-404": { ...status(404), told: /not found/ },
  "status-500": status(500),
  "status-503": {
    what: "answers 503 and asks to come back in an hour",
    told: /503/,
    trouble: {
      kind: "instead",
      answer: (response) => response.writeHead(503, { "retry-after": "3600" }).end(),
    },
  },
  "captive-portal": {
    what: "answers everything with 200 and a page of a captive portal",
    told: /exited with 128: .*(not valid|is this a git repository)/,
    trouble: {
      kind: "instead",
      answer: (response) =>
        response
          .writeHead(200, { "content-type": "text/html" })
          .end("<!doctype html>\n<title>Welcome</title>\n<p>Please accept our terms.\n"),
    },
  },
  "empty-200": {
    what: "answers everything with 200 and nothing",
    told: /answered with an empty page, not as a git server/,
    trouble: { kind: "instead", answer: (response) => response.writeHead(200).end() },
  },
};

function altered(send: (body: Buffer, response: ServerResponse) => void): Trouble {
  return { kind: "altered", send };
}

function status(code: number): FaultyUpstream {
  return {
    what: `answers ${code}`,
    told: new RegExp(`exited with 128: .*${code}`),
    trouble: { kind: "status", status: code, body: "no" },
  };
}

function half(body: Buffer): Buffer {
  return body.subarray(0, Math.floor(body.length / 2));
}

function cut(part: Buffer, response: ServerResponse): void {
  response.write(part, () => response.destroy());
}

// The byte behind the head of the pack and of its first object: compressed data.
function spoilt(body: Buffer): Buffer {
  const copy = Buffer.from(body);
  const at = copy.indexOf("PACK") + 20;
  copy[at] = (copy[at] ?? 0) ^ 0xff;
  return copy;
}

function withTagOfNothing(body: Buffer): Buffer {
  return withLines(body, [`${"d".repeat(40)} refs/tags/9.9.9+9\n`]);
}

function withManyTags(body: Buffer, count: number): Buffer {
  const commit = /([0-9a-f]{40}) (HEAD|refs\/heads\/main)/.exec(body.toString("latin1"))?.[1] ?? "";
  const numbers = Array.from({ length: count }, (_, index) => String(index).padStart(6, "0"));
  return withLines(
    body,
    numbers.map((number) => `${commit} refs/tags/zz-${number}\n`),
  );
}

// Before the packet that ends the list.
function withLines(body: Buffer, lines: readonly string[]): Buffer {
  return Buffer.concat([
    body.subarray(0, -4),
    Buffer.from(lines.map(packetOf).join("")),
    Buffer.from("0000"),
  ]);
}

function packetOf(line: string): string {
  return (line.length + 4).toString(16).padStart(4, "0") + line;
}

function listForEver(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "application/x-git-upload-pack-result" });
  let sent = 0;
  const timer = setInterval(() => {
    for (let line = 0; line < 200; line += 1) {
      sent += 1;
      response.write(packetOf(`${"a".repeat(40)} refs/tags/t${sent}\n`));
    }
  }, 10);
  response.on("close", () => clearInterval(timer));
}
