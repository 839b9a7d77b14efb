/** An accepted request: GET or HEAD, for a permitted host. */
export interface PageRequest {
  /** Decoded, without the query; begins with `/`. */
  path: string;
  query: URLSearchParams;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Aborted when the client has gone. */
  signal: AbortSignal;
}

export interface PageAnswer {
  status: number;
  /** The value of `Content-Type`. */
  type: string;
  /** Pieces of text are sent as they come; an answer without a piece for 30 s is ended. */
  body: string | Uint8Array | AsyncIterable<string>;
  /** Additions to the common headers, or replacements. */
  headers?: Readonly<Record<string, string>>;
}

/** Answers a request, or returns null if it belongs to another route. */
export type Route = (request: PageRequest) => PageAnswer | Promise<PageAnswer | null> | null;
