import { type DestinationStream, pino, stdTimeFunctions } from "pino";
import type { Log } from "../log.ts";
import type { Layout } from "../render/paint.ts";
import { visible } from "../render/width.ts";
import type { GlobalOptions } from "./invocation.ts";

/** A log of pino: JSON lines as they are, or a short form of them for a person. */
export function createLog(
  options: Pick<GlobalOptions, "quiet" | "verbose">,
  write: (text: string) => void,
  shortForm: Layout | null,
): Log {
  const level = options.quiet ? "error" : options.verbose ? "debug" : "info";
  const destination: DestinationStream = {
    write: shortForm === null ? write : (line) => write(describeLine(line, shortForm)),
  };
  return pino(
    {
      level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
}

const TONES = { warn: "warning", error: "bad", fatal: "bad" } as const;

function describeLine(line: string, layout: Layout): string {
  const { level, time, msg, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const tone = TONES[level as keyof typeof TONES] ?? "faint";
  const rest = Object.entries(fields)
    .map(([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`)
    .join(" ");
  const clock = String(time).slice(11, 19);
  return `${layout.paint("faint", clock)} ${layout.paint(tone, visible(`${String(msg)} ${rest}`.trimEnd()))}\n`;
}
