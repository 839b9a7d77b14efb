import { z } from "zod";
import { formatDuration } from "../core/duration.ts";
import { messageOf } from "../fault.ts";

export interface ForgeOptions {
  /** The forge's base URL, such as `https://git.example.org`. */
  url: string;
  token: string;
  signal: AbortSignal;
  /** Limit of one request including its whole answer, in milliseconds: `timeouts.git`. */
  timeoutMs: number;
}

export type ForgeRequest = (method: string, path: string, body?: unknown) => Promise<unknown>;

const PAGE = 50;
const MOST_PAGES = 200;
/** The longest accepted answer: a page of pull requests has some hundred KiB. */
const LONGEST_MIB = 16;

/**
 * Asks Gitea's API (version 1) below `root`, such as `repos/OWNER/NAME`, and returns the JSON. Throws an `Error` that
 * gives the question and the answer.
 */
export function createRequest(options: ForgeOptions, root: string): ForgeRequest {
  const base = `${options.url.replace(/\/+$/, "")}/api/v1/${root}`.replace(/\/$/, "");
  return async (method, path, body) => {
    const address = path === "" ? base : `${base}/${path}`;
    const signal = AbortSignal.any([options.signal, AbortSignal.timeout(options.timeoutMs)]);
    try {
      const response = await fetch(address, {
        method,
        signal,
        redirect: "error",
        headers: {
          authorization: `token ${options.token}`,
          accept: "application/json",
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await readText(response);
      if (!response.ok) throw new Error(`answered ${response.status}: ${text.slice(0, 300).trim()}`);
      return text === "" ? null : JSON.parse(text);
    } catch (error) {
      throw new Error(`${method} ${address}: ${reasonOf(error, options)}`, { cause: error });
    }
  };
}

/** All pages of a list. A forge may return fewer items per page than asked for: only an empty page is the last. */
export async function listAll<T>(request: ForgeRequest, path: string, item: z.ZodType<T>): Promise<T[]> {
  const items: T[] = [];
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const found = z.array(item).parse(await request("GET", `${path}&limit=${PAGE}&page=${page}`));
    if (found.length === 0) return items;
    items.push(...found);
  }
  throw new Error(`more than ${MOST_PAGES} pages of ${path}`);
}

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > LONGEST_MIB * 1024 * 1024) throw new Error(`answered with more than ${LONGEST_MIB} MiB`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

// `fetch failed` says nothing: the cause holds the reason.
function reasonOf(error: unknown, { timeoutMs }: ForgeOptions): string {
  if (error instanceof DOMException && error.name === "TimeoutError")
    return `no whole answer within ${formatDuration(timeoutMs)} (timeouts.git)`;
  const cause = error instanceof Error ? error.cause : undefined;
  return cause === undefined ? messageOf(error) : `${messageOf(error)} (${messageOf(cause)})`;
}
