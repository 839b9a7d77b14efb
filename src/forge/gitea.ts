import { z } from "zod";
import { type RepositoryName, repositoryName } from "./repository-name.ts";
import { createRequest, type ForgeOptions, listAll } from "./request.ts";

/** An open pull request, as far as needed here. */
export interface PullRequest {
  number: number;
  title: string;
  /** The branch to merge into. */
  base: string;
  /** The commit to merge. */
  head: string;
  isOpen: boolean;
}

/** A repository on a forge. Every method throws an `Error` that gives the question and the answer. */
export interface ForgeRepository {
  listOpenPullRequests(): Promise<PullRequest[]>;
  getPullRequest(number: number): Promise<PullRequest>;
  listComments(number: number): Promise<string[]>;
  comment(number: number, text: string): Promise<void>;
  closePullRequest(number: number): Promise<void>;
}

const Pull = z.object({
  number: z.number().int(),
  title: z.string(),
  state: z.string(),
  base: z.object({ ref: z.string() }),
  head: z.object({ sha: z.string() }),
});
// Gitea answers 404 for pull requests if they are switched off or the repository is empty, which it may still seem to
// be for a moment after the first push.
const Repository = z.object({ empty: z.boolean(), has_pull_requests: z.boolean().optional() });
const Comment = z.object({ id: z.number(), body: z.string() });

/** Opens a repository through Gitea's API (version 1; Forgejo's is the same). */
export function openGitea(options: ForgeOptions, { owner, name }: RepositoryName): ForgeRepository {
  const request = createRequest(options, `repos/${encodeURIComponent(owner)}/${encodeURIComponent(name)}`);
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

function toPullRequest(pull: z.infer<typeof Pull>): PullRequest {
  const { number, title, state, base, head } = pull;
  return { number, title, base: base.ref, head: head.sha, isOpen: state === "open" };
}

const RepositoryRights = z.object({ permissions: z.object({ push: z.boolean() }) });

/** The rights of a token in a repository, given by its address. Throws an `Error` that gives the answer. */
export async function askRepositoryRights(
  options: ForgeOptions,
  address: string,
): Promise<{ canPush: boolean }> {
  const { name, owner } = repositoryName(address);
  const request = createRequest(options, `repos/${encodeURIComponent(owner)}/${encodeURIComponent(name)}`);
  return { canPush: RepositoryRights.parse(await request("GET", "")).permissions.push };
}
