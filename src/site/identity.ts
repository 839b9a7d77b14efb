import { join } from "node:path";
import { Fault, orFault } from "../fault.ts";
import { fileIdentity } from "../state/file-facts.ts";
import { listFolder } from "../state/files.ts";
import { type CanonicalPaths, listRunIds, type StatePaths } from "../state/paths.ts";

/** Changes whenever a report does: the kept runs, and the file of each report. */
export function identityOfRuns(state: StatePaths): string {
  return orUnreadable(() =>
    listRunIds(state)
      .map((run) => `${run} ${fileIdentity(state.run(run).report)}`)
      .join("\n"),
  );
}

/** Changes whenever an investigation ends. */
export function identityOfInvestigations(state: StatePaths): string {
  return orUnreadable(() =>
    listRunIds(state)
      .map((run) => fileIdentity(state.run(run).investigation))
      .filter((identity) => identity !== null)
      .join("\n"),
  );
}

/** Changes whenever a record or an exception does. */
export function identityOfRecords(state: StatePaths): string {
  return orUnreadable(() => {
    const records = listFolder(state.canonicals).map(
      (recipe) => `${recipe} ${identitiesOf(state.canonical(recipe))}`,
    );
    const exceptions = listFolder(state.exceptions).map(
      (name) => `${name} ${fileIdentity(join(state.exceptions, name))}`,
    );
    return [...records, ...exceptions].join("\n");
  });
}

function identitiesOf({ down, kept, promotion, record }: CanonicalPaths): string {
  return [record, kept, promotion, down].map(fileIdentity).join(" ");
}

/** Changes whenever a run begins, progresses or ends. */
export function identityOfWork(state: StatePaths): string {
  const newest = orUnreadable(() => listRunIds(state).at(-1) ?? "");
  return `${fileIdentity(state.lock)} ${newest} ${newest === "" ? "" : fileIdentity(state.run(newest).journal)}`;
}

// The reader of an unreadable folder reports it.
function orUnreadable(read: () => string): string {
  const identity = orFault(read);
  return identity instanceof Fault ? identity.message : identity;
}
