/**
 * How much a release's compose files may say. Each bound is many times what real recipes have; past it the release is
 * refused with the bound and with what was found, before its reading costs time or memory.
 */
export const BOUNDS = {
  /** Files that are laid over each other, and files that `env_file` names. */
  files: 50,
  /** Bytes of one file. */
  fileBytes: 256 * 1024,
  /** Bytes of all files, each time that one is read: services may name one `env_file` again and again. */
  readBytes: 16 * 1024 * 1024,
  /** Levels of mappings and lists within each other. */
  depth: 100,
  /** Values of one file once its aliases are filled in. */
  values: 50_000,
  /** Characters of the values of one file once its aliases and variables are filled in. */
  characters: 8 * 1024 * 1024,
  services: 200,
  /** Characters that all variables of one file may fill in. */
  filledIn: 4 * 1024 * 1024,
  /** Ports that one service publishes, ranges included. */
  ports: 1_000,
  /** Replicas of one service. */
  replicas: 20,
  /** Bytes of one file that becomes a config or a secret. Source: Docker takes at most 1,000 KiB. */
  objectBytes: 1_024_000,
} as const;
