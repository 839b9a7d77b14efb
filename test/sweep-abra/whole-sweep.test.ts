import { describeWholeSweep } from "../sweep-swarm/whole-sweep.ts";

describeWholeSweep("abra");
