import { connect, type PeerCertificate } from "node:tls";
import { messageOf } from "../fault.ts";

/** The certificate that an edge shows for one name. */
export interface SeenCertificate {
  /** Why it is not trusted for that name; null if it is. */
  problem: string | null;
  /** Milliseconds since the epoch; null if unknown. */
  endsAtMs: number | null;
}

/** Connects as a health probe does and looks at the certificate; returns a problem if none could be seen. */
export function lookAtCertificate(
  edge: { address: string; port: number },
  domain: string,
  authority: string | null,
  limitMs: number,
): Promise<{ seen: SeenCertificate } | { problem: string }> {
  return new Promise((resolve) => {
    const socket = connect({
      host: edge.address,
      port: edge.port,
      servername: domain,
      rejectUnauthorized: false,
      ...(authority === null ? {} : { ca: authority }),
    });
    const end = (result: { seen: SeenCertificate } | { problem: string }) => {
      socket.destroy();
      resolve(result);
    };
    socket.setTimeout(limitMs, () => end({ problem: `no answer within ${limitMs / 1000} s` }));
    socket.once("error", (error) => end({ problem: messageOf(error) }));
    socket.once("secureConnect", () => {
      const problem = socket.authorized ? null : messageOf(socket.authorizationError);
      end({ seen: { problem, endsAtMs: endOf(socket.getPeerCertificate()) } });
    });
  });
}

function endOf({ valid_to: end }: PeerCertificate): number | null {
  const ms = Date.parse(end ?? "");
  return Number.isNaN(ms) ? null : ms;
}
