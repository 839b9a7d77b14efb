import { expect, it } from "vitest";
import { createRedactor } from "../../src/core/secrets/redactor.ts";
import { createEvidence } from "../../src/evidence/evidence.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

it("a warning keeps its advice, however long the path before it", () => {
  const evidence = createEvidence(temporaryFolder("evidence"), createRedactor(), Date);
  const path = `/var/lib/${"canonical-sweep/".repeat(15)}deployed/notes.json`;
  evidence.sink("recovery").warn(`${path} is not JSON: undeploy it by hand, then move the file away`);
  expect(evidence.warnings).toEqual([expect.stringMatching(/undeploy it by hand, then move the file away$/)]);
});
