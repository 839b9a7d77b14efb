import { createRequire } from "node:module";
import type { DestinationStream, Logger, LoggerOptions } from "pino";
import type { Log } from "../log.ts";
import type { Layout } from "../render/paint.ts";
import { visibleJson } from "../render/visible-json.ts";
import { visible } from "../render/width.ts";
import type { GlobalOptions } from "./invocation.ts";

/** A pino log: JSON lines, or a short form of them for people. */
export function createLog(
  options: Pick<GlobalOptions, "quiet" | "verbose">,
  write: (text: string) => void,
  shortForm: Layout | null,
): Log {
  const level = options.quiet ? "error" : options.verbose ? "debug" : "info";
  const destination: DestinationStream = {
    write: (line) => write(shortForm === null ? visibleJson(line) : describeLine(line, shortForm)),
  };
  return loggedWhenNeeded(() => openPino(level, destination));
}

type Pino = ((options: LoggerOptions, destination: DestinationStream) => Logger) & {
  stdTimeFunctions: { isoTime: () => string };
};

const requireModule = createRequire(import.meta.url);

function openPino(level: string, destination: DestinationStream): Log {
  const pino = requireModule("pino") as Pino;
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
}

// Most commands that only look log nothing, and answer sooner without loading the logger.
function loggedWhenNeeded(open: () => Log): Log {
  let opened: Log | null = null;
  const log = () => {
    opened ??= open();
    return opened;
  };
  const at = (level: Level) =>
    ((...words: unknown[]) =>
      (log() as Record<Level, (...words: unknown[]) => void>)[level](...words)) as Log["info"];
  return {
    debug: at("debug"),
    info: at("info"),
    warn: at("warn"),
    error: at("error"),
    child: (...words) => log().child(...words),
  };
}

type Level = "debug" | "info" | "warn" | "error";

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
