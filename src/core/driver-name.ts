export type DriverName = "abra" | "swarm" | "command";
