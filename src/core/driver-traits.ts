/** The drivers, in the order in which help and messages list them. */
export const DRIVER_NAMES = ["abra", "swarm", "command"] as const;
export type DriverName = (typeof DRIVER_NAMES)[number];

/** The facts about a driver that other code needs. No code outside of `driver/` asks for its name. */
export interface DriverTraits {
  /** Its description in the schemas. */
  readonly introduction: string;
  /**
   * Its apps run on the swarm of a lane, which a run holds. Otherwise they run on this host, below the state folder.
   */
  readonly onSwarm: boolean;
  /**
   * The deployed files: the compose files as this program reads them, the same files as read again by the deployer (so
   * a doubtful spelling is refused), or the result of the recipe's own `commands:` for the checkout.
   */
  readonly deploys: "our-reading" | "compose-files" | "commands";
  /** Data is in volumes of Docker, or in one folder of the state folder (`SWEEP_DATA`), shown as the volume `data`. */
  readonly dataIs: "volumes" | "folder";
  /** How its objects are known to be ours: by a label on each, by an entry in the ledger, or by their place. */
  readonly ownBy: "labels" | "ledger" | "state-folder";
  /** The source of an inventory after a test, which is at fault if it runs out of time. */
  readonly inventoryFrom: "lane" | "recipe";
  /** Tools that it calls besides those of a swarm and of volumes. */
  readonly tools: readonly ("abra" | "script" | "restic")[];
}

/** One row per driver: start a further driver here, and the compiler finds the other places. */
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

/** The traits of the driver named in a record; undefined without a name, or for a driver unknown to this program. */
export function traitsOf(driver: string | undefined): DriverTraits | undefined {
  const known = DRIVER_NAMES.find((name) => name === driver);
  return known === undefined ? undefined : TRAITS[known];
}
