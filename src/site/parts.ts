import type { Frame } from "../page/frame.ts";
import { noticePage } from "../page/notice-page.ts";
import type { Answer } from "./answer.ts";
import { footFacts, type SiteSource } from "./source.ts";
import type { Standings } from "./standing.ts";

/** Shared by the routes of the pages. */
export interface SiteParts {
  source: SiteSource;
  standings: Standings;
  page(frame: Frame, status?: number): Answer;
}

/** The page for something missing. */
export function notFound({ page, source }: SiteParts, what: string): Answer {
  return page(noticePage("There is nothing here", what, footFacts(source)), 404);
}
