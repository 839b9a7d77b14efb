// Loaded before the program (`node --import=…/crash-point.mjs dist/main.js`): numbers everything that the program
// does to its state folder and every command that it starts, lists it, and ends the program with SIGKILL at one
// of these events. Nothing of it is in the product.
//
// CRASH_STATE   the state folder, absolute
// CRASH_WINDOW  events count from the first one whose path below the state folder begins so; empty: from the start
// CRASH_LIST    the events are written to this file, one JSON line each
// CRASH_AT      `KEY WHERE`: dies there; WHERE is before, amid (half done) or after
// CRASH_IMAGE   the disk image on which the state folder stands, copied to CRASH_COPY at the moment of death
import childProcess from "node:child_process";
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { join, relative } from "node:path";

const { CRASH_STATE, CRASH_WINDOW = "", CRASH_LIST, CRASH_AT, CRASH_IMAGE, CRASH_COPY } = process.env;
const real = { ...fs, spawn: childProcess.spawn };
const paths = new Map();
const counts = new Map();
let isOpen = CRASH_WINDOW === "";

function die() {
  if (CRASH_IMAGE !== undefined) real.copyFileSync(CRASH_IMAGE, CRASH_COPY);
  process.kill(process.pid, "SIGKILL");
}

/** The path below the state folder, with what differs from run to run left out; null: it is elsewhere. */
function below(path) {
  const inside = relative(CRASH_STATE, String(path));
  if (inside.startsWith("..") || inside.startsWith("/")) return null;
  return inside
    .replace(/^(runs|scratch)\/[^/]+/, "$1/*")
    .replace(/\/[a-z0-9]{1,4}-[0-9a-f]{6}(?=[./])/, "/*")
    .replace(/\.[0-9a-f]{12}\.tmp$/, "*.tmp");
}

function event(act, path, detail, perform, half = null) {
  if (path === null) return perform();
  isOpen ||= path.startsWith(CRASH_WINDOW);
  if (!isOpen) return perform();
  const name = `${act} ${path}`;
  const count = (counts.get(name) ?? 0) + 1;
  counts.set(name, count);
  const key = `${name}#${count}`;
  if (CRASH_LIST !== undefined)
    real.appendFileSync(
      CRASH_LIST,
      `${JSON.stringify({ key, act, path, detail, canBeHalf: half !== null })}\n`,
    );
  if (CRASH_AT === `${key} before`) die();
  if (CRASH_AT === `${key} amid` && half !== null) {
    half();
    die();
  }
  const result = perform();
  if (CRASH_AT === `${key} after`) die();
  return result;
}

function isTree(path) {
  return real.lstatSync(path).isDirectory() && real.readdirSync(path).length > 0;
}

function removeHalf(path) {
  const files = real
    .readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  for (const file of files.slice(0, Math.ceil(files.length / 2))) real.unlinkSync(file);
}

const changes = /^(a|w|r\+)/;
const MAKES = fs.constants.O_CREAT;

fs.openSync = (path, flags = "r", ...rest) => {
  const name = below(path);
  const makes = typeof flags === "number" ? (flags & MAKES) !== 0 : changes.test(flags);
  const perform = () => real.openSync(path, flags, ...rest);
  const isNew = makes && name !== null && !real.existsSync(path);
  const fd = isNew ? event("create", name, "", perform) : perform();
  if (name !== null) paths.set(fd, name);
  return fd;
};
fs.closeSync = (fd) => {
  paths.delete(fd);
  return real.closeSync(fd);
};
fs.writeSync = (fd, data, ...rest) => {
  const half = () => real.writeSync(fd, data.slice(0, Math.ceil(data.length / 2)));
  return event(
    "write",
    paths.get(fd) ?? null,
    String(data).slice(0, 4000),
    () => real.writeSync(fd, data, ...rest),
    half,
  );
};
fs.writeFileSync = (path, data, ...rest) => {
  const name = typeof path === "number" ? (paths.get(path) ?? null) : below(path);
  const half = () => real.writeFileSync(path, data.slice(0, Math.ceil(data.length / 2)), ...rest);
  return event(
    "write",
    name,
    String(data).slice(0, 4000),
    () => real.writeFileSync(path, data, ...rest),
    half,
  );
};
fs.fsyncSync = (fd) => event("sync", paths.get(fd) ?? null, "", () => real.fsyncSync(fd));
fs.ftruncateSync = (fd, length) =>
  event("truncate", paths.get(fd) ?? null, "", () => real.ftruncateSync(fd, length));
fs.truncateSync = (path, length) => event("truncate", below(path), "", () => real.truncateSync(path, length));
fs.renameSync = (from, to) => event("rename", below(to), below(from), () => real.renameSync(from, to));
fs.appendFileSync = (path, data, ...rest) => {
  const half = () => real.appendFileSync(path, data.slice(0, Math.ceil(data.length / 2)));
  return event(
    "append",
    below(path),
    String(data).slice(0, 4000),
    () => real.appendFileSync(path, data, ...rest),
    half,
  );
};
fs.mkdirSync = (path, ...rest) => {
  const perform = () => real.mkdirSync(path, ...rest);
  return real.existsSync(path) ? perform() : event("mkdir", below(path), "", perform);
};
fs.rmSync = (path, ...rest) => {
  const perform = () => real.rmSync(path, ...rest);
  if (!real.existsSync(path)) return perform();
  return event("remove", below(path), "", perform, isTree(path) ? () => removeHalf(path) : null);
};
fs.unlinkSync = (path) => event("remove", below(path), "", () => real.unlinkSync(path));

/** A command as a person knows it: the operator's own line, or the tool and its arguments. */
function nameOf(file, args, env) {
  const [dash, , , line] = args;
  const words = dash === "-euo" ? [line] : [String(file).split("/").at(-1), ...args];
  const text = words.join(" ").replaceAll(`${CRASH_STATE}/`, "");
  const shown = text
    .replace(/(runs|scratch)\/[^/ ]+/g, "$1/*")
    .replace(/[0-9a-f]{40}/g, "*")
    .slice(0, 90);
  return env?.SWEEP_INSTANCE === undefined ? shown : `${env.SWEEP_INSTANCE} ${shown}`;
}

childProcess.spawn = (file, args = [], options = {}) => {
  const name = nameOf(file, args, options.env);
  const child = event("start", isOpen ? name : null, "", () => real.spawn(file, args, options));
  child.once("exit", () => event("end", isOpen ? name : null, "", () => {}));
  return child;
};

syncBuiltinESMExports();
