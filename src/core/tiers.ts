/** The tiers of a cold test, in the order in which they run. Help and parsing read them without the schema library. */
export const TIERS = ["install", "upgrade", "backup", "restore", "custom"] as const;
