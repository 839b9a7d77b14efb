/** The tiers of a cold test, in order. Help and parsing read them without the schema library. */
export const TIERS = ["install", "upgrade", "backup", "restore", "custom"] as const;
