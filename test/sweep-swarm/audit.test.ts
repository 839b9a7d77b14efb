import { describeAudit } from "./audit.ts";

describeAudit("swarm");
