import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findConfigurationFolder } from "../../src/config/find.ts";
import { exists } from "../../src/state/files.ts";
import { configurationFolder, SOUND_SWEEP } from "../support/configuration.ts";

const none = { option: undefined, variable: undefined };

describe("the configuration folder", () => {
  it("is what --config names, before the variable and the working directory", () => {
    const here = configurationFolder({ "sweep.yaml": SOUND_SWEEP });
    expect(findConfigurationFolder({ option: "/a", variable: "/b", workingDirectory: here })).toBe("/a");
    expect(findConfigurationFolder({ option: "./a", variable: "/b", workingDirectory: here })).toBe(
      join(here, "a"),
    );
  });

  it("is what the variable names, before the working directory; an empty one names nothing", () => {
    const here = configurationFolder({ "sweep.yaml": SOUND_SWEEP });
    expect(findConfigurationFolder({ ...none, variable: "/b", workingDirectory: here })).toBe("/b");
    expect(findConfigurationFolder({ ...none, variable: "", workingDirectory: here })).toBe(here);
  });

  it("is the working directory if it holds sweep.yaml", () => {
    const here = configurationFolder({ "sweep.yaml": SOUND_SWEEP });
    expect(findConfigurationFolder({ ...none, workingDirectory: here })).toBe(here);
  });

  it.skipIf(exists("/etc/canonical-sweep/sweep.yaml"))(
    "is a fault that names the places and `init` where there is none (skipped where /etc/canonical-sweep exists)",
    () => {
      const here = configurationFolder({});
      const find = () => findConfigurationFolder({ ...none, workingDirectory: here });
      expect(find).toThrow(
        `no configuration: there is no sweep.yaml in ${here}, nor in /etc/canonical-sweep`,
      );
    },
  );
});
