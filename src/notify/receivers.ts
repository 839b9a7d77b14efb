import type { WebhookConfig } from "../config/config.ts";
import { fillTemplate, type Notice } from "../core/notice.ts";
import { readSecretFile } from "../state/secret-file.ts";
import { type Message, send } from "./send.ts";

/** Sends a notice to a webhook. Returns null when it was accepted, else the problem, without secrets. */
export async function notify(
  webhook: WebhookConfig,
  notice: Notice,
  signal: AbortSignal,
): Promise<string | null> {
  const token = webhook.tokenFile === null ? null : readSecretFile(webhook.tokenFile);
  if (token !== null && "problem" in token) return `token: ${token.problem}`;
  const body = webhook.body === undefined ? notice : fillTemplate(webhook.body, notice);
  const message: Message = {
    url: webhook.url.replaceAll("{run}", encodeURIComponent(notice.run)),
    method: webhook.method,
    headers: {
      "content-type": "application/json",
      ...(token === null ? {} : { authorization: `Bearer ${token.text}` }),
    },
    body: JSON.stringify(body),
  };
  return send(message, signal);
}

/**
 * Reports to a monitor in the style of healthchecks: the address itself for a success, `/start` and `/fail` below it.
 */
export async function beat(
  heartbeat: string,
  what: "start" | "success" | "failure",
  text: string,
  signal: AbortSignal,
): Promise<string | null> {
  const address = new URL(heartbeat);
  const suffix = { start: "/start", success: "", failure: "/fail" }[what];
  address.pathname = `${address.pathname.replace(/\/+$/, "")}${suffix}`;
  return send({ url: address.href, method: "POST", body: text }, signal);
}
