import { type Release, releaseOf, type ZooRecipe } from "../recipe.ts";

const PORT = 24738;

export const VOICE: ZooRecipe = {
  name: "voice",
  shows: "a protocol of its own, at a port of the host",
  settings: { health: { tcp: PORT } },
  files: {
    "tests/custom/says-hello": `#!/bin/bash
exec 3<>"/dev/tcp/127.0.0.1/${PORT}"
printf 'HELLO phone\\n' >&3
read -r -t 10 answer <&3
echo "it answers: $answer"
test "$answer" = "WELCOME phone"
`,
  },
  releases: [release("0.2.0+1.4.230"), release("0.3.0+1.4.287")],
};

function release(version: string): Release {
  return releaseOf(version, {
    services: {
      app: {
        program: "voice",
        command: ["socat", `TCP-LISTEN:${PORT},fork,reuseaddr`, "EXEC:/usr/local/bin/session"],
        configs: { session: "/usr/local/bin/session" },
        more: { ports: [{ target: PORT, published: PORT, mode: "host" }] },
      },
    },
    configs: { session: '#!/bin/sh\nread -r word name && [ "$word" = HELLO ] && echo "WELCOME $name"\n' },
  });
}
