import { busyboxImage } from "./images.ts";

export interface SampleService {
  /** Run by `sh -c`; `$` stays as it is. */
  script: string;
  image?: string;
  /** Lines below the service, indented by two as in `environment:`. */
  more?: string;
  /** Lines below `deploy:`. */
  deploy?: string;
}

/** A compose file of services that each run a shell script; the rest is given as it stands in the file. */
export function composeOf(services: Readonly<Record<string, SampleService>>, rest = ""): string {
  const parts = Object.entries(services).map(([name, service]) => composeService(name, service));
  return `version: "3.8"\nservices:\n${parts.join("")}${rest}`;
}

/** A service that only waits, and ends when it is told to. */
export const WAITS = "trap 'exit 0' TERM; while :; do sleep 0.2; done";

function composeService(name: string, { script, image, more, deploy }: SampleService): string {
  const command = JSON.stringify(["sh", "-c", script.replaceAll("$", "$$$$")]);
  return [
    `  ${name}:`,
    `    image: ${image ?? busyboxImage()}`,
    `    command: ${command}`,
    ...indent(more, 4),
    "    deploy:",
    "      endpoint_mode: dnsrr",
    ...indent(deploy, 6),
    "",
  ].join("\n");
}

function indent(text: string | undefined, by: number): string[] {
  return (text ?? "")
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => " ".repeat(by) + line);
}
