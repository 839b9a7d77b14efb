import { hash } from "node:crypto";
import { ICON } from "../page/badge.ts";
import { type Assets, servedPage } from "../page/frame.ts";
import { statusPage } from "../page/status-page.ts";
import { STYLE } from "../page/style.ts";
import { statusDocument } from "../report/status.ts";
import { type Answer, type Asked, assetAnswer, htmlAnswer, jsonAnswer } from "./answer.ts";
import { createLive } from "./live.ts";
import type { SiteParts } from "./parts.ts";
import { answerRecipe } from "./recipe-routes.ts";
import { answerRun } from "./run-routes.ts";
import type { SiteSource } from "./source.ts";
import { createStandings } from "./standing.ts";

/** Answers a request for a page, its JSON, a badge or the metrics; null for any other. */
export type Site = (asked: Asked) => Promise<Answer | null>;

/** The pages of the daemon: they read the state folder on request, and change nothing. */
export function createSite(source: SiteSource): Site {
  const assets = createAssets(source.script);
  const parts: SiteParts = {
    source,
    standings: createStandings(source),
    page: (frame, status) => htmlAnswer(servedPage(frame, assets), status),
  };
  const live = createLive(source);
  return async (asked) => {
    const own = assets.answer(asked.path);
    if (own !== null) return own;
    if (asked.path === "/events") return live(asked);
    return (await answerPage(parts, asked)) ?? null;
  };
}

async function answerPage(parts: SiteParts, asked: Asked): Promise<Answer | null> {
  const { page, source, standings } = parts;
  const [, first = "", ...rest] = asked.path.split("/");
  if (asked.path === "/") return page(statusPage(standings.view()));
  if (asked.path === "/index.json") return jsonAnswer(indexDocument(parts));
  if (asked.path === "/metrics") return (await import("./metrics.ts")).metricsAnswer(source, standings);
  if (first === "recipes") return answerRecipe(parts, rest);
  if (first === "runs" || asked.path === "/runs.json") return answerRun(parts, asked, rest);
  return null;
}

function indexDocument({ source, standings }: SiteParts): unknown {
  const [status, work] = [standings.status(), standings.atWork()];
  return {
    ...(statusDocument(status) as object),
    lastNotHollow: standings.lastNotHollow(),
    next: source.next(),
    progress: work,
    program: source.program,
    configuration: source.configuration().config?.folder ?? null,
  };
}

function createAssets(script: string): Assets & { answer(path: string): Answer | null } {
  const style = `/style-${hash("sha256", STYLE).slice(0, 12)}.css`;
  const own = `/live-${hash("sha256", script).slice(0, 12)}.js`;
  const files = new Map([
    [style, assetAnswer("text/css; charset=utf-8", STYLE)],
    [own, assetAnswer("text/javascript; charset=utf-8", script)],
    ["/icon.svg", assetAnswer("image/svg+xml", ICON)],
  ]);
  return { style, script: own, answer: (path) => files.get(path) ?? null };
}
