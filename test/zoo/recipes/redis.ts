import { ASK, CONTAINER } from "../parts.ts";
import { type Release, releaseOf, type ZooRecipe } from "../recipe.ts";

const REDIS = `${ASK}${CONTAINER}redis() { docker exec "$(container app)" redis-cli --raw "$@"; }\n`;

export const REDIS_CACHE: ZooRecipe = {
  name: "redis",
  shows: "a cache whose keys outlive a restart; other recipes need it",
  settings: { health: { command: "tests/health" } },
  files: {
    "tests/health": `${REDIS}test "$(redis ping)" = PONG\n`,
    "tests/data/seed": `${REDIS}redis set sentinel planted && redis save\n`,
    "tests/data/verify": `${REDIS}test "$(redis get sentinel)" = planted\n`,
    "tests/data/damage": `${REDIS}redis del sentinel\n`,
    "tests/custom/counts": `${REDIS}redis set count 1 && test "$(redis incr count)" = 2\n`,
  },
  releases: [release("0.9.0+6.2"), release("1.0.0+7.0")],
};

function release(version: string): Release {
  return releaseOf(version, {
    services: {
      app: {
        program: "redis",
        networks: ["proxy"],
        command: [
          "redis-server",
          "--dir",
          "/data",
          "--save",
          "60 1",
          "--appendonly",
          "no",
          "--protected-mode",
          "no",
        ],
        more: { volumes: ["data:/data"] },
      },
    },
    volumes: ["data"],
  });
}
