/** A repository's owner and name on its forge. */
export interface RepositoryName {
  owner: string;
  name: string;
}

/** Owner and name from the address of a repository: the last two parts of its path. */
export function repositoryName(address: string): RepositoryName {
  const parts = address
    .replace(/\/+$/, "")
    .replace(/\.git$/, "")
    .split(/[/:]/);
  const [name, owner] = [parts.at(-1), parts.at(-2)];
  if (!name || !owner) throw new Error(`no owner and name of a repository in ${address}`);
  return { owner, name };
}
