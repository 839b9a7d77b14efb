import { describeAudit } from "../sweep-swarm/audit.ts";

describeAudit("abra");
