/** The drivers, in the order in which help and messages list them. */
export const DRIVER_NAMES = ["abra", "swarm", "command"] as const;
export type DriverName = (typeof DRIVER_NAMES)[number];

/** The facts about a driver that others need to know. Nobody outside of `driver/` asks for its name. */
export interface DriverTraits {
  /** How the schemas introduce it. */
  readonly introduction: string;
  /** Its apps run on the swarm of a lane, which a run holds. Else they run on this host, below the state folder. */
  readonly onSwarm: boolean;
  /**
   * What is deployed: the compose files as this program reads them, the same files as the deployer reads them again
   * (so a doubtful spelling is refused), or whatever the recipe's own `commands:` make of the checkout.
   */
  readonly deploys: "our-reading" | "compose-files" | "commands";
  /** Data lies in volumes of Docker, or in one folder of the state folder (`SWEEP_DATA`), shown as the volume `data`. */
  readonly dataIs: "volumes" | "folder";
  /** How its objects are known to be ours: by a label on each, by an entry in the ledger, or by where they lie. */
  readonly ownBy: "labels" | "ledger" | "state-folder";
  /** Whose fault it is when the inventory after a test runs out of time: the one who answers it. */
  readonly inventoryFrom: "lane" | "recipe";
  /** Tools that it calls beside those of a swarm and of volumes. */
  readonly tools: readonly ("abra" | "script" | "restic")[];
}

/** One row a driver: a further one begins here, and the compiler finds the rest. */
export const TRAITS: Readonly<Record<DriverName, DriverTraits>> = {
  abra: {
    introduction: "abra",
    onSwarm: true,
    deploys: "compose-files",
    dataIs: "volumes",
    ownBy: "ledger",
    inventoryFrom: "lane",
    tools: ["abra", "script"],
  },
  swarm: {
    introduction: "swarm (plain docker stack)",
    onSwarm: true,
    deploys: "our-reading",
    dataIs: "volumes",
    ownBy: "labels",
    inventoryFrom: "lane",
    tools: ["restic"],
  },
  command: {
    introduction: "command (the recipe's own commands)",
    onSwarm: false,
    deploys: "commands",
    dataIs: "folder",
    ownBy: "state-folder",
    inventoryFrom: "recipe",
    tools: [],
  },
};

/** The traits of the driver that a record names; undefined where it names none, or one that this program does not know. */
export function traitsOf(driver: string | undefined): DriverTraits | undefined {
  const known = DRIVER_NAMES.find((name) => name === driver);
  return known === undefined ? undefined : TRAITS[known];
}
