import type { Toolbox } from "../../environment/toolbox.ts";

export interface AbraOptions {
  tools: Toolbox;
  /** The state folder, absolute: the ledger is kept below it. */
  stateRoot: string;
  /** The operator's home: Docker's contexts and the keys of servers are found there. */
  home: string;
  /** The operator's own abra folder, usually `$HOME/.abra`: only its `catalogue` is read. */
  abraFolder: string;
}
