import { z } from "zod";
import { repositoryName } from "./repository-name.ts";
import { createRequest, type ForgeOptions } from "./request.ts";

const Repository = z.object({ permissions: z.object({ push: z.boolean() }) });

/** The rights of a token in a repository, given by its address. Throws an `Error` that gives the answer. */
export async function askRepositoryRights(
  options: ForgeOptions,
  address: string,
): Promise<{ canPush: boolean }> {
  const { name, owner } = repositoryName(address);
  const request = createRequest(options, `repos/${encodeURIComponent(owner)}/${encodeURIComponent(name)}`);
  return { canPush: Repository.parse(await request("GET", "")).permissions.push };
}
