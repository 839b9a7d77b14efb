import { z } from "zod";
import type { Step } from "../../command/step.ts";
import type { Docker } from "../../docker/docker.ts";
import { inspect, listIds } from "../../docker/inspect.ts";
import { OWN } from "../../docker/labels.ts";
import type { ForeignWork } from "../facts.ts";

// The swarm makes containers and networks again by itself, and volumes change with their content, so these do not show
// when somebody was at work.
const TELLING_KINDS = ["service", "secret", "config"] as const;

const Made = z.object({
  CreatedAt: z.string(),
  Spec: z.object({ Name: z.string(), Labels: z.record(z.string(), z.string()).nullish() }),
});

/** Objects made by other state folders on a swarm, with their times. */
export async function foreignWorkOn(docker: Docker, owner: string, step: Step): Promise<ForeignWork[]> {
  const work: ForeignWork[] = [];
  for (const kind of TELLING_KINDS) {
    const ids = await listIds(docker, kind, [`label=${OWN.state}`], step);
    for (const entry of await inspect(docker, kind, ids, step)) {
      const { CreatedAt, Spec } = Made.parse(entry);
      const { [OWN.state]: state = "", [OWN.run]: run = "unknown" } = Spec.Labels ?? {};
      if (state === owner) continue;
      work.push({ object: `${kind} ${Spec.Name}`, owner: state, run, madeAtMs: Date.parse(CreatedAt) });
    }
  }
  return work;
}
