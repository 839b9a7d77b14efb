import type { PageAnswer, PageRequest } from "../serve/http/route.ts";

/** The parts of a request that the pages use. */
export type Asked = Pick<PageRequest, "path" | "query" | "signal">;

/** An answer of the pages. */
export type Answer = PageAnswer & { body: string | AsyncIterable<string> };

/** Only our script and style, and nothing from elsewhere. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

export function htmlAnswer(body: string, status = 200): Answer {
  return {
    status,
    type: "text/html; charset=utf-8",
    body,
    headers: { "Content-Security-Policy": POLICY },
  };
}

export function jsonAnswer(value: unknown, status = 200): Answer {
  return { status, type: "application/json", body: `${JSON.stringify(value, null, 2)}\n` };
}

export function textAnswer(body: string): Answer {
  return { status: 200, type: "text/plain; charset=utf-8", body };
}

/** A file of the program itself; its address changes with its content. */
export function assetAnswer(type: string, body: string): Answer {
  return { status: 200, type, body, headers: { "Cache-Control": "public, max-age=31536000, immutable" } };
}

/** A picture that others may show too. */
export function pictureAnswer(body: string): Answer {
  return {
    status: 200,
    type: "image/svg+xml",
    body,
    headers: {
      "Cache-Control": "no-cache",
      "Content-Security-Policy": "default-src 'none'",
      "Cross-Origin-Resource-Policy": "cross-origin",
    },
  };
}
