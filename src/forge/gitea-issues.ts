import { z } from "zod";
import type { MaintainerIssue } from "../core/maintainer-issue.ts";
import type { RepositoryName } from "./repository-name.ts";
import { createRequest, type ForgeOptions, listAll } from "./request.ts";

/** An issue written by the token's user. */
export interface OwnIssue extends MaintainerIssue {
  number: number;
}

export type IssueChange = Partial<{ title: string; body: string; state: "open" | "closed" }>;

/** The issues of a repository. Every method throws an `Error` that gives the question and the answer. */
export interface IssueTracker {
  /** Issues written by the token's user, newest first: those of others are never changed. */
  listOwn(): Promise<OwnIssue[]>;
  open(title: string, body: string): Promise<number>;
  change(number: number, change: IssueChange): Promise<void>;
  comment(number: number, text: string): Promise<void>;
}

const User = z.object({ login: z.string() });
const Issue = z.object({
  number: z.number().int(),
  title: z.string(),
  body: z.string(),
  state: z.string(),
  user: User,
});

/** The name of the token's user. */
export async function ownLogin(options: ForgeOptions): Promise<string> {
  return User.parse(await createRequest(options, "user")("GET", "")).login;
}

/** Opens the issues of a repository through Gitea's API (version 1; Forgejo's is the same), for the user `login`. */
export function openIssues(
  options: ForgeOptions,
  { owner, name }: RepositoryName,
  login: string,
): IssueTracker {
  const request = createRequest(options, `repos/${encodeURIComponent(owner)}/${encodeURIComponent(name)}`);
  return {
    listOwn: async () => {
      const path = `issues?state=all&type=issues&created_by=${encodeURIComponent(login)}`;
      const issues = await listAll(request, path, Issue);
      return issues
        .filter((issue) => issue.user.login === login)
        .map(({ number, title, body, state }) => ({ number, title, body, isOpen: state === "open" }));
    },
    open: async (title, body) => Issue.parse(await request("POST", "issues", { title, body })).number,
    change: async (number, change) => {
      await request("PATCH", `issues/${number}`, change);
    },
    comment: async (number, body) => {
      await request("POST", `issues/${number}/comments`, { body });
    },
  };
}
