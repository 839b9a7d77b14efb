import { defineConfig } from "vitest/config";

const TESTS = "test/**/*.test.ts";

// There is one swarm, with one lane and its ports: what uses it waits for each other.
const ON_SWARM = ["docker", "lane", "swarm", "sweep-swarm", "zoo"].map(
  (folder) => `test/${folder}/**/*.test.ts`,
);
const WITH_ABRA = ["abra", "sweep-abra"].map((folder) => `test/${folder}/**/*.test.ts`);
const FAULTS = "test/faults/**/*.test.ts";
const FAULTS_ON_SWARM = "test/faults/swarm/**/*.test.ts";

const limits = { testTimeout: 120_000, hookTimeout: 300_000 };

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
          exclude: [...ON_SWARM, ...WITH_ABRA, FAULTS],
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...limits,
          name: "faults",
          include: [FAULTS],
          exclude: [FAULTS_ON_SWARM],
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...limits,
          name: "swarm",
          include: ON_SWARM,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...limits,
          name: "faults-swarm",
          include: [FAULTS_ON_SWARM],
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...limits,
          name: "abra",
          include: WITH_ABRA,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
