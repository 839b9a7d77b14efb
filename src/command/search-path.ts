/** Where tools are looked for after `path:`. An inherited PATH never is. Source: contract of the configuration. */
export const SYSTEM_PATH: readonly string[] = [
  "/usr/local/sbin",
  "/usr/local/bin",
  "/usr/sbin",
  "/usr/bin",
  "/sbin",
  "/bin",
];
