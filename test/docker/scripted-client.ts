import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createDocker, type Docker } from "../../src/docker/docker.ts";

/** Docker by a client that is a shell script of these lines. */
export function scriptedClient(folder: string, lines: readonly string[]): Docker {
  const file = join(folder, "docker");
  writeFileSync(file, `#!/bin/sh\n${lines.join("\n")}\n`);
  chmodSync(file, 0o755);
  return createDocker({ file, context: "default", searchPath: "/usr/bin:/bin", home: folder });
}
