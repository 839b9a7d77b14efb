// Loaded before the program (`node --import=…/fill-point.mjs dist/main.js`): uses up the disk of its state folder as
// soon as a promotion has noted a step. Nothing of it is in the product.
//
// FILL_STATE  the state folder, absolute: a small file system of its own
// FILL_AFTER  `STEP`: when promotion.json says so; `rollback`: when it says that the data is back; `recorded`: when the
//             record is replaced
// FILL_WITH   space, or inodes
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";

const { FILL_STATE, FILL_AFTER, FILL_WITH } = process.env;
const rename = fs.renameSync;
const file = FILL_AFTER === "recorded" ? "/canonical.json" : "/promotion.json";
const texts = { rollback: '"dataBack": true', recorded: '"version"' };
const wanted = texts[FILL_AFTER] ?? `"step": "${FILL_AFTER}"`;
let isFull = false;

fs.renameSync = (from, to) => {
  rename(from, to);
  if (isFull || !String(to).endsWith(file) || !fs.readFileSync(to, "utf8").includes(wanted)) return;
  isFull = true;
  fill();
};
syncBuiltinESMExports();

function fill() {
  const filler = join(FILL_STATE, ".filler");
  fs.mkdirSync(filler);
  for (let made = 0; ; made++)
    if (
      !takes(() =>
        fs.writeFileSync(join(filler, `${made}`), FILL_WITH === "inodes" ? "" : Buffer.alloc(4096)),
      )
    )
      return;
}

function takes(write) {
  try {
    write();
    return true;
  } catch {
    return false;
  }
}
