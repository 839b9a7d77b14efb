import { provenOf } from "../../facts.ts";
import type { Rule } from "../../rule.ts";

/** Reads: the containers that mount a volume of an idle canonical. Those of its own stack are residue. */
export const idleNotMounted: Rule = {
  id: "idle-not-mounted",
  claim: "nothing mounts the volumes of an idle canonical",
  judge: (facts) =>
    provenOf(facts)
      .filter(({ record }) => record.status === "idle")
      .flatMap(({ data, recipe }) => {
        if (data.state === "unseen") return [];
        return [...data.value.volumes].flatMap(([name, { users }]) =>
          users.map((user) => ({
            recipe,
            evidence: `the container ${user} mounts the volume ${name}`,
            command: `docker ps --all --filter volume=${name}`,
          })),
        );
      }),
};
