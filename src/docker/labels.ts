/** The label that Docker puts on everything in a stack. */
export const STACK_NAMESPACE = "com.docker.stack.namespace";

/** The labels of everything that this program makes. Nothing without them is ever removed. */
export const OWN = {
  state: "canonical-sweep.state",
  run: "canonical-sweep.run",
  recipe: "canonical-sweep.recipe",
  instance: "canonical-sweep.instance",
  /** Also on objects that Docker does not count as the stack's: external secrets. */
  stack: "canonical-sweep.stack",
} as const;

export type Labels = Readonly<Record<string, string>>;

export interface Ownership {
  owner: string;
  run: string;
  recipe: string;
  instance: "cold" | "warm";
  stack: string;
}

export function ownLabels(ownership: Ownership): Record<string, string> {
  return {
    [OWN.state]: ownership.owner,
    [OWN.run]: ownership.run,
    [OWN.recipe]: ownership.recipe,
    [OWN.instance]: ownership.instance,
    [OWN.stack]: ownership.stack,
  };
}

/** `--label` options for a docker command. */
export function labelOptions(labels: Labels): string[] {
  return Object.entries(labels).flatMap(([name, value]) => ["--label", `${name}=${value}`]);
}

export function isOwnedBy(labels: Labels, owner: string): boolean {
  return labels[OWN.state] === owner;
}
