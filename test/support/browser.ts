import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BrowserContext, chromium, type Page } from "playwright-core";

/** A Chromium with a profile of its own; it asks nobody for anything but the page. */
export interface TestBrowser {
  context: BrowserContext;
  close(): Promise<void>;
}

const PROGRAM = process.env.SWEEP_TEST_CHROMIUM ?? "/usr/bin/chromium";

/** Why no browser can be started; null where one can. In CI it must be there. */
export const noBrowser =
  existsSync(PROGRAM) || process.env.CI === "true" ? null : `needs Chromium at ${PROGRAM}`;

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];

export interface BrowserOptions {
  dark?: boolean;
  script?: boolean;
  width?: number;
  height?: number;
}

/** Starts the Chromium of this machine. */
export async function startBrowser(options: BrowserOptions = {}): Promise<TestBrowser> {
  const profile = mkdtempSync(join(tmpdir(), "chromium-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: PROGRAM,
    args: FLAGS,
    headless: true,
    colorScheme: options.dark === true ? "dark" : "light",
    javaScriptEnabled: options.script ?? true,
    viewport: { width: options.width ?? 1280, height: options.height ?? 900 },
    timeout: 120_000,
  });
  context.setDefaultTimeout(60_000);
  return {
    context,
    close: async () => {
      await context.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

/** Opens a page and returns it with every address that it asked for, and whatever its console said. */
export async function openPage(
  { context }: TestBrowser,
  address: string,
): Promise<{ page: Page; asked: string[]; said: string[] }> {
  const page = await context.newPage();
  const asked: string[] = [];
  const said: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  page.on("console", (message) => said.push(message.text()));
  page.on("pageerror", (error) => said.push(String(error)));
  await page.goto(address, { waitUntil: "load" });
  return { page, asked, said };
}
