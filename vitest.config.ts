import { defineConfig } from "vitest/config";

const TESTS = "test/**/*.test.ts";

// What uses a swarm waits for each other: it has one lane and its ports.
const ON_SWARM = {
  swarm: ["test/{docker,lane,swarm,sweep-swarm}/**/*.test.ts"],
  "faults-swarm": ["test/faults/swarm/**/*.test.ts", "test/faults/hostile/swarm/**/*.test.ts"],
  abra: ["test/{abra,sweep-abra}/**/*.test.ts"],
  "docker-dies": ["test/faults/docker-dies/**/*.test.ts"],
  zoo: ["test/zoo/**/*.test.ts"],
  systemd: ["test/systemd/**/*.test.ts"],
};
const FAULTS = "test/faults/**/*.test.ts";

const limits = { testTimeout: 300_000, hookTimeout: 300_000 };

// CI adds up what the parts of `npm test` write here.
function totals(): [string, { outputFile: string }][] {
  const { TEST_TOTALS: folder, TEST_PART: part = "all" } = process.env;
  return folder === undefined ? [] : [["json", { outputFile: `${folder}/${part}.json` }]];
}

export default defineConfig({
  test: {
    maxWorkers: 2,
    reporters: ["default", "./test/faults/reporter.ts", ...totals()],
    projects: [
      {
        test: {
          ...limits,
          name: "here",
          include: [TESTS],
          exclude: [...Object.values(ON_SWARM).flat(), FAULTS],
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...limits,
          name: "faults",
          include: [FAULTS],
          exclude: Object.values(ON_SWARM).flat(),
          sequence: { groupOrder: 0 },
        },
      },
      ...Object.entries(ON_SWARM).map(([name, include], index) => ({
        test: { ...limits, name, include, fileParallelism: false, sequence: { groupOrder: 1 + index } },
      })),
    ],
  },
});
