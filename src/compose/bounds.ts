/**
 * Limits on a release's compose files, each many times what real recipes have. A release past one is refused, with the
 * limit and the amount found, before reading it costs time or memory.
 */
export const BOUNDS = {
  /** Compose files that are merged, and files that `env_file` names. */
  files: 50,
  /** Bytes of one file. */
  fileBytes: 256 * 1024,
  /** Bytes of all files, counted at each reading: services may name one `env_file` again and again. */
  readBytes: 16 * 1024 * 1024,
  /** Levels of nested mappings and lists. */
  depth: 100,
  /** Values of one file, with its aliases expanded. */
  values: 50_000,
  /** Characters of the values of one file, with its aliases expanded and its variables filled in. */
  characters: 8 * 1024 * 1024,
  services: 200,
  /** Characters that all variables of one file may add. */
  filledIn: 4 * 1024 * 1024,
  /** Ports that one service publishes, ranges included. */
  ports: 1_000,
  /** Replicas of one service. */
  replicas: 20,
  /** Bytes of one file that becomes a config or a secret. Source: Docker takes at most 1,000 KiB. */
  objectBytes: 1_024_000,
} as const;
