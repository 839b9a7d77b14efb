/** The tools that the program calls, found once at launch on the declared path. */
export interface Toolbox {
  /** The absolute path of a declared tool. Throws a `Fault` (machinery) that names the remedy where it is missing. */
  find(name: string): string;
  /** The value of PATH that every child gets: `path:`, then the system's folders. Never an inherited PATH. */
  searchPath: string;
}
