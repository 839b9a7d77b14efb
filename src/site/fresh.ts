import type { Clock } from "../log.ts";

/** How long a reading is trusted without another look, in milliseconds. */
const BELIEVED_MS = 500;

/** Keeps the result of `read` until `identity` changes; many readers cost one look. */
export function keptFresh<T>(clock: Clock, identity: () => string, read: () => T): () => T {
  let kept: { value: T; identity: string; at: number } | null = null;
  return () => {
    const now = clock.now();
    if (kept !== null && now >= kept.at && now - kept.at < BELIEVED_MS) return kept.value;
    const found = identity();
    if (kept === null || kept.identity !== found) kept = { value: read(), identity: found, at: now };
    kept.at = now;
    return kept.value;
  };
}
