import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Fault } from "../../../src/fault.ts";
import { writeWhole } from "../../../src/state/files.ts";
import { appendJsonLine, readJsonLines } from "../../../src/state/json-lines.ts";
import { NODE } from "../../support/program.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { report } from "../fault.ts";
import { mountSmallDisk, NO_MOUNT } from "./small-disk.ts";

const FILES = fileURLToPath(new URL("../../../src/state/files.ts", import.meta.url));
const PAGE = 4096;

test("a file that is replaced on a disk with any room is the old one or the new one", (context) => {
  if (NO_MOUNT !== null) context.skip(NO_MOUNT);
  const folder = temporaryFolder("disk");
  const disk = mountSmallDisk(folder, `size=${32 * PAGE}`);
  context.onTestFinished(() => disk.unmount());
  const file = join(folder, "record.json");
  const lost: string[] = [];
  let refused = 0;
  fc.assert(
    fc.property(fc.nat(20 * PAGE), fc.nat(20 * PAGE), fc.nat(32), (before, after, room) => {
      for (const name of readdirSync(folder)) rmSync(join(folder, name));
      const [old, fresh] = ["o".repeat(before), "n".repeat(after)];
      writeFileSync(file, old);
      fillBut(folder, room);
      const wasWritten = written(() => writeWhole(file, fresh));
      if (!wasWritten) refused += 1;
      const found = readFileSync(file, "utf8");
      if (found !== (wasWritten ? fresh : old)) lost.push(`${before} → ${after} with ${room} pages`);
      return lost.length === 0 && readdirSync(folder).every((name) => !name.endsWith(".tmp"));
    }),
    { numRuns: 300, seed: 7 },
  );
  expect(refused).toBeGreaterThan(20);
  report(context, {
    kind: "bad state",
    name: `a file is replaced 300 times on a disk with any room (${refused} times it was full)`,
    outcome: "the old text or the new one, no temporary file",
    lost,
    touched: [],
  });
});

test("a line that is appended on a disk with any room is there whole, or not at all", (context) => {
  if (NO_MOUNT !== null) context.skip(NO_MOUNT);
  const folder = temporaryFolder("disk");
  const disk = mountSmallDisk(folder, `size=${16 * PAGE}`);
  context.onTestFinished(() => disk.unmount());
  const file = join(folder, "history.jsonl");
  const lost: string[] = [];
  fc.assert(
    fc.property(fc.array(fc.nat(2 * PAGE), { minLength: 1, maxLength: 6 }), fc.nat(16), (lengths, room) => {
      for (const name of readdirSync(folder)) rmSync(join(folder, name));
      fillBut(folder, room);
      const kept = lengths.map((length) => ({ text: "x".repeat(length) }));
      const wanted = kept.filter((value) => written(() => appendJsonLine(file, value)));
      const { values, torn } = existsSync(file) ? readJsonLines(file) : { values: [], torn: 0 };
      if (JSON.stringify(values) !== JSON.stringify(wanted)) lost.push(`${lengths} with ${room} pages`);
      return lost.length === 0 && torn === 0;
    }),
    { numRuns: 200, seed: 7 },
  );
  report(context, {
    kind: "bad state",
    name: "lines are appended to a history on a disk with any room",
    outcome: "each is there whole, or refused",
    lost,
    touched: [],
  });
});

test("a history that was cut at any byte keeps every whole line, and takes the next", (context) => {
  const path = join(temporaryFolder("lines"), "history.jsonl");
  const whole = ['{"a":1,"text":"ä{}"}', '{"b":[2,{"c":"}"}]}'].map((line) => `${line}\n`).join("");
  const bytes = Buffer.from(`${whole}{"d":{"e":"ö"},"f":3}\n`);
  const lost: string[] = [];
  for (let length = 0; length <= bytes.length; length++) {
    writeFileSync(path, bytes.subarray(0, length));
    const before = readJsonLines(path).values;
    appendJsonLine(path, { next: true });
    const { values, torn } = readJsonLines(path);
    if (JSON.stringify(values) !== JSON.stringify([...before, { next: true }])) lost.push(`cut at ${length}`);
    expect(torn, `cut at ${length}`).toBe(0);
  }
  report(context, {
    kind: "bad state",
    name: `a history is cut short at each of its ${bytes.length} bytes, and a line follows`,
    outcome: "every whole line stands, and the next one",
    lost,
    touched: [],
  });
});

test("a program that is killed while it replaces a file leaves the old text or the new one", async (context) => {
  const file = join(temporaryFolder("killed"), "record.json");
  const texts = ["o", "n"].map((letter) => letter.repeat(300_000));
  const work = `const { writeWhole } = await import(${JSON.stringify(FILES)});
    const [file, texts] = [process.argv[1], ["o", "n"].map((letter) => letter.repeat(300_000))];
    for (let count = 0; ; count++) { writeWhole(file, texts[count % 2]); if (count === 0) console.log("began"); }`;
  const lost: string[] = [];
  for (let kill = 0; kill < 12; kill++) {
    const child = spawn(NODE, ["--input-type=module", "--eval", work, file], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(child.stdout, "data");
    const wait = process.hrtime.bigint() + BigInt(kill) * 700_000n;
    while (process.hrtime.bigint() < wait);
    child.kill("SIGKILL");
    await once(child, "close");
    if (!texts.includes(readFileSync(file, "utf8"))) lost.push(`after kill ${kill}`);
  }
  report(context, {
    kind: "bad state",
    name: "a program is killed 12 times while it replaces a file",
    outcome: "the old text or the new one",
    lost,
    touched: [],
  });
});

// Leaves so many pages on the disk.
function fillBut(folder: string, pages: number): void {
  const file = join(folder, "filler");
  const room = join(folder, "room");
  for (const name of [file, room]) rmSync(name, { force: true });
  writeFileSync(room, "");
  try {
    writeFileSync(room, Buffer.alloc(pages * PAGE));
    writeFileSync(file, Buffer.alloc(64 * PAGE));
  } catch {
    // It is full now, as it should be.
  }
  rmSync(room);
}

function written(write: () => void): boolean {
  try {
    write();
    return true;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    expect(error.nextStep).toContain("free some space");
    return false;
  }
}
