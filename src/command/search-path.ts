/** Folders for tools after those of `path:`. An inherited PATH is never used. Source: contract of the configuration. */
export const SYSTEM_PATH: readonly string[] = [
  "/usr/local/sbin",
  "/usr/local/bin",
  "/usr/sbin",
  "/usr/bin",
  "/sbin",
  "/bin",
];
