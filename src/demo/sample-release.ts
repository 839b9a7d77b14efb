/** `app.json` in a sample upstream: what a release of the sample app is. */
export interface SampleRelease {
  name: string;
  /** The release tag. */
  version: string;
  /**
   * What is wrong with it. `image-gone`: it cannot be started any more. `rewrites-settings`: it writes its
   * settings file at every start.
   */
  quirk?: "image-gone" | "rewrites-settings";
}
