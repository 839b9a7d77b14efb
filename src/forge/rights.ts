import { z } from "zod";
import { repositoryName } from "./repository-name.ts";
import { createRequest, type ForgeOptions } from "./request.ts";

const Repository = z.object({ permissions: z.object({ push: z.boolean() }) });

/** What a token may do in a repository, named by its address. Throws an `Error` that says what came back. */
export async function askRepositoryRights(
  options: ForgeOptions,
  address: string,
): Promise<{ canPush: boolean }> {
  const { name, owner } = repositoryName(address);
  const request = createRequest(options, `repos/${encodeURIComponent(owner)}/${encodeURIComponent(name)}`);
  return { canPush: Repository.parse(await request("GET", "")).permissions.push };
}
