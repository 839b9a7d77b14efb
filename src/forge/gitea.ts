import { z } from "zod";
import { formatDuration } from "../core/duration.ts";
import { messageOf } from "../fault.ts";

/** An open pull request, as far as it matters here. */
export interface PullRequest {
  number: number;
  title: string;
  /** The branch that it would be merged into. */
  base: string;
  /** The commit that would be merged. */
  head: string;
  isOpen: boolean;
}

/** A repository on a forge. Every method throws an `Error` that says what was asked and what came back. */
export interface ForgeRepository {
  listOpenPullRequests(): Promise<PullRequest[]>;
  getPullRequest(number: number): Promise<PullRequest>;
  listComments(number: number): Promise<string[]>;
  comment(number: number, text: string): Promise<void>;
  closePullRequest(number: number): Promise<void>;
}

export interface GiteaOptions {
  /** Where the forge is, such as `https://git.example.org`. */
  url: string;
  token: string;
  owner: string;
  name: string;
  signal: AbortSignal;
  /** Limit of one request, its whole answer included, in milliseconds: `timeouts.git`. */
  timeoutMs: number;
}

const Pull = z.object({
  number: z.number().int(),
  title: z.string(),
  state: z.string(),
  base: z.object({ ref: z.string() }),
  head: z.object({ sha: z.string() }),
});
// Gitea answers 404 for the pull requests of a repository that has none to show: switched off there, or empty,
// as it still calls one for a moment after the first push.
const Repository = z.object({ empty: z.boolean(), has_pull_requests: z.boolean().optional() });
const Comment = z.object({ id: z.number(), body: z.string() });

const PAGE = 50;
const MOST_PAGES = 200;
/** No answer of a forge is longer: a page of pull requests has some hundred KiB. */
const LONGEST_MIB = 16;

/** Opens a repository through Gitea's API (version 1; Forgejo's is the same). */
export function openGitea(options: GiteaOptions): ForgeRepository {
  const request = createRequest(options);
  return {
    listOpenPullRequests: async () => {
      const repository = Repository.parse(await request("GET", ""));
      if (repository.empty || repository.has_pull_requests === false) return [];
      return (await listAll(request, "pulls?state=open&sort=oldest", Pull)).map(toPullRequest);
    },
    getPullRequest: async (number) => toPullRequest(Pull.parse(await request("GET", `pulls/${number}`))),
    listComments: async (number) =>
      z
        .array(Comment)
        .parse(await request("GET", `issues/${number}/comments`))
        .map((comment) => comment.body),
    comment: async (number, body) => {
      await request("POST", `issues/${number}/comments`, { body });
    },
    closePullRequest: async (number) => {
      await request("PATCH", `pulls/${number}`, { state: "closed" });
    },
  };
}

type Request = (method: string, path: string, body?: unknown) => Promise<unknown>;

function createRequest(options: GiteaOptions): Request {
  const { url, token, owner, name } = options;
  const root = `${url.replace(/\/+$/, "")}/api/v1/repos/${encodeURIComponent(owner)}/${encodeURIComponent(name)}`;
  return async (method, path, body) => {
    const address = path === "" ? root : `${root}/${path}`;
    const signal = AbortSignal.any([options.signal, AbortSignal.timeout(options.timeoutMs)]);
    try {
      const response = await fetch(address, {
        method,
        signal,
        redirect: "error",
        headers: {
          authorization: `token ${token}`,
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

// A forge may give fewer on a page than it was asked for: only an empty page is the last one.
async function listAll<T>(request: Request, path: string, item: z.ZodType<T>): Promise<T[]> {
  const items: T[] = [];
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const found = z.array(item).parse(await request("GET", `${path}&limit=${PAGE}&page=${page}`));
    if (found.length === 0) return items;
    items.push(...found);
  }
  throw new Error(`more than ${MOST_PAGES} pages of ${path}`);
}

function toPullRequest(pull: z.infer<typeof Pull>): PullRequest {
  const { number, title, state, base, head } = pull;
  return { number, title, base: base.ref, head: head.sha, isOpen: state === "open" };
}

// `fetch failed` says nothing: the reason stands in its cause.
function reasonOf(error: unknown, { timeoutMs }: GiteaOptions): string {
  if (error instanceof DOMException && error.name === "TimeoutError")
    return `no whole answer within ${formatDuration(timeoutMs)} (timeouts.git)`;
  const cause = error instanceof Error ? error.cause : undefined;
  return cause === undefined ? messageOf(error) : `${messageOf(error)} (${messageOf(cause)})`;
}
