/** `app.json` in a sample upstream: a release of the sample app. */
export interface SampleRelease {
  name: string;
  /** The release tag. */
  version: string;
  /**
   * Its fault. `image-gone`: it can no longer be started. `rewrites-settings`: it writes its settings file at every
   * start.
   */
  quirk?: "image-gone" | "rewrites-settings";
}
