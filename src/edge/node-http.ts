import { createRequire } from "node:module";

const requireBuiltin = createRequire(import.meta.url);

/**
 * `node:http` and `node:https`. An import reads every export of `node:http`, one of which loads all of undici: that
 * takes longer than Node's own start (60 of 100 ms), and some MiB for as long as the program runs.
 */
export const http: typeof import("node:http") = requireBuiltin("node:http");
export const https: typeof import("node:https") = requireBuiltin("node:https");
