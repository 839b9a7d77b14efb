import { fstatSync, ftruncateSync, readSync, writeSync } from "node:fs";

const NEWLINE = 0x0a;
/** Bytes in which to look for a line's end, so that no line, with a secret in it, is cut in two. */
const LONGEST_LINE = 64 * 1024;

/**
 * Returns a function that cuts the middle out of a file after `begin`, as often as needed while others append to it.
 * The file is open for appending. Text written at the moment of a cut may be lost with the middle.
 */
export function createMiddleCut(fd: number, begin: number): (kept: number) => void {
  let leftOut = 0;
  let head: number | null = null;
  return (kept) => {
    const { size } = fstatSync(fd);
    if (size - begin <= 2 * kept) return;
    head ??= headEnd(fd, begin + kept);
    const tail = fromLineBegin(readPart(fd, Math.max(head, size - kept)));
    leftOut += size - head - tail.length;
    ftruncateSync(fd, head);
    writeSync(fd, `\n… ${mebibytes(leftOut)} MiB of output were left out here …\n`);
    writeSync(fd, tail);
  };
}

/** The bytes of a file from `from` to its end. */
export function readPart(fd: number, from: number): Buffer {
  const buffer = Buffer.alloc(Math.max(0, fstatSync(fd).size - from));
  const read = buffer.length === 0 ? 0 : readSync(fd, buffer, 0, buffer.length, from);
  return buffer.subarray(0, read);
}

function headEnd(fd: number, wanted: number): number {
  const from = Math.max(0, wanted - LONGEST_LINE);
  const before = Buffer.alloc(wanted - from);
  const read = readSync(fd, before, 0, before.length, from);
  const newline = before.subarray(0, read).lastIndexOf(NEWLINE);
  return newline < 0 ? wanted : from + newline + 1;
}

function fromLineBegin(tail: Buffer): Buffer {
  const newline = tail.subarray(0, LONGEST_LINE).indexOf(NEWLINE);
  return newline < 0 ? tail : tail.subarray(newline + 1);
}

function mebibytes(bytes: number): number {
  return Math.ceil(bytes / 1024 / 1024);
}
