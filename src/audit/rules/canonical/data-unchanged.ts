import { formatBytes } from "../../../core/duration.ts";
import { provenOf, type VolumeSeen } from "../../facts.ts";
import type { Rule } from "../../rule.ts";
import { lookAtData, placeOfData } from "./place-of-data.ts";

/** A file may be written while its volume is measured for the record, in milliseconds. */
const GRACE_MS = 2_000;

/** Reads: size and newest change of the volumes of idle canonicals: nothing runs that could change them. */
export const dataUnchanged: Rule = {
  id: "data-unchanged",
  claim: "the data of an idle canonical is as it was when it was proven",
  judge: (facts) =>
    provenOf(facts)
      .filter(({ record }) => record.status === "idle")
      .flatMap((canonical) => {
        const { data, recipe, record } = canonical;
        if (data.state === "unseen") return [];
        return (record.volumes ?? []).flatMap(({ name, bytes }) => {
          const volume = data.value.volumes.get(name);
          const change = volume === undefined ? null : changeOf(volume, bytes, Date.parse(record.ts));
          if (change === null) return [];
          const evidence = `${placeOfData(canonical, name)}: ${change}`;
          return [{ recipe, evidence, command: lookAtData(canonical, name) }];
        });
      }),
};

function changeOf(volume: VolumeSeen, recordedBytes: number, recordedAtMs: number): string | null {
  if (volume.bytes !== recordedBytes) {
    const [now, then] = [volume.bytes, recordedBytes].map(
      (bytes) => `${formatBytes(bytes)} (${bytes} bytes)`,
    );
    return `it holds ${now}; the record says ${then}`;
  }
  if (volume.newestMs === null || volume.newestMs <= recordedAtMs + GRACE_MS) return null;
  const [changed, recorded] = [volume.newestMs, recordedAtMs].map((ms) => new Date(ms).toISOString());
  return `a file in it was changed at ${changed}, after the record of ${recorded}`;
}
