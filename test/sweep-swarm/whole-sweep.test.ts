import { describeWholeSweep } from "./whole-sweep.ts";

describeWholeSweep("swarm");
