import { X509Certificate } from "node:crypto";
import type { LaneConfig } from "../config/config.ts";
import { lookAtCertificate, type SeenCertificate } from "../edge/certificate.ts";
import { probeTcp } from "../edge/probe.ts";
import { messageOf } from "../fault.ts";
import type { Context } from "../run/context.ts";
import { readTextIfAny } from "../state/files.ts";
import { type Check, fault, fine, PROBE_LIMIT_MS, unknown } from "./check.ts";

const DAY_MS = 24 * 60 * 60_000;
/** Days of validity that a certificate needs, to outlast next week's sweep. */
const LEAST_DAYS = 8;

/** Whether the edge of a lane answers, and how long its certificate is valid. */
export async function checkEdge(context: Context, lane: LaneConfig): Promise<Check[]> {
  const { address, caFile, port, scheme } = lane.edge;
  const name = lane.name === "main" ? "edge" : `edge (${lane.name})`;
  const reached = await probeTcp(address, port);
  if (!reached.healthy)
    return [
      fault(
        name,
        reached.seen,
        "start the proxy, or correct `edge:` of sweep.yaml",
        `nc -vz ${address} ${port}`,
      ),
    ];
  const edge = fine(name, reached.seen);
  if (scheme === "http") return [edge];
  const authority = readAuthority(caFile);
  if ("problem" in authority)
    return [
      edge,
      fault("caFile", authority.problem, "put the authority's certificate (PEM) there", `ls -l ${caFile}`),
    ];
  const domain = domainOf(context);
  const looked = await lookAtCertificate(lane.edge, domain, authority.text, PROBE_LIMIT_MS);
  return [edge, certificate(context, looked, domain, `${address}:${port}`)];
}

// The certificate is for names of apps: a recipe's own, or any below the domain.
function domainOf({ config }: Context): string {
  return config.recipes.find((recipe) => recipe.enrolled)?.domain ?? `doctor.${config.domain}`;
}

function readAuthority(path: string | undefined): { text: string | null } | { problem: string } {
  if (path === undefined) return { text: null };
  try {
    const text = readTextIfAny(path);
    if (text === null) return { problem: `${path} is not there` };
    new X509Certificate(text);
    return { text };
  } catch (error) {
    return { problem: `${path}: ${messageOf(error)}` };
  }
}

function certificate(
  { clock }: Context,
  looked: { seen: SeenCertificate } | { problem: string },
  domain: string,
  at: string,
): Check {
  const name = "certificate";
  const show = `openssl s_client -connect ${at} -servername ${domain} </dev/null | openssl x509 -noout -dates -subject`;
  if ("problem" in looked) return unknown(name, looked.problem, "look at it", show);
  const { endsAtMs, problem } = looked.seen;
  if (problem !== null)
    return fault(
      name,
      `not believed for ${domain}: ${problem}`,
      "renew it, or name its authority in `edge: { caFile }`",
      show,
    );
  if (endsAtMs === null) return unknown(name, "it does not say when it ends", "look at it", show);
  const days = Math.floor((endsAtMs - clock.now()) / DAY_MS);
  const found = `good for ${domain}, ${days} days left`;
  if (days >= LEAST_DAYS) return fine(name, found);
  return fault(name, `${found}: it ends before the sweep of the next week`, "renew it", show);
}
