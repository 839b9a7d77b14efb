// Additions of scripts to the pages: they follow changes, copy commands and count durations. Without scripts everything
// can still be read and reached.

const SECOND = 1000;
const main = () => document.querySelector("main");

enhance();
listen();
setInterval(countOn, SECOND);

function enhance(): void {
  for (const line of document.querySelectorAll(".command")) {
    const text = line.querySelector("code")?.textContent ?? "";
    if (line.querySelector("button") !== null || navigator.clipboard === undefined) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Copy";
    button.setAttribute("aria-label", `copy: ${text}`);
    button.addEventListener("click", () => void copy(text, button));
    line.append(button);
  }
  if (document.querySelector("[data-follow]") !== null) document.querySelector("#end")?.scrollIntoView();
}

async function copy(text: string, button: HTMLButtonElement): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = "Copied";
  } catch {
    button.textContent = "Not allowed";
  }
  setTimeout(() => {
    button.textContent = "Copy";
  }, 2 * SECOND);
}

function listen(): void {
  const events = new EventSource(`/events?page=${encodeURIComponent(location.pathname)}`);
  let wanted = 0;
  let loading = false;
  const load = async () => {
    if (loading) return;
    loading = true;
    for (let seen = -1; seen !== wanted; ) {
      seen = wanted;
      await loadAgain();
    }
    loading = false;
  };
  events.addEventListener("open", () => say("live"));
  events.addEventListener("error", () => say("not connected"));
  events.addEventListener("changed", () => {
    wanted += 1;
    void load();
  });
  // A page from the browser's cache is as old as when it was left.
  addEventListener("pagehide", () => events.close());
  addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
}

function say(text: string): void {
  const place = document.querySelector("#live");
  if (place !== null && place.textContent !== text) place.textContent = text;
}

/** Loads this page again and replaces its parts; opened and typed things stay. */
async function loadAgain(): Promise<void> {
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const place = placeOf(document.activeElement);
    keepOpen(fresh);
    replace("main", fresh);
    replace("header > h1", fresh);
    replace("header > p", fresh);
    replace("footer", fresh);
    document.title = fresh.title;
    enhance();
    place?.();
  } catch {
    say("not connected");
  }
}

function replace(selector: string, fresh: Document): void {
  const [before, after] = [document.querySelector(selector), fresh.querySelector(selector)];
  if (before !== null && after !== null && before.innerHTML !== after.innerHTML)
    before.replaceWith(document.adoptNode(after));
}

function keepOpen(fresh: Document): void {
  for (const before of document.querySelectorAll<HTMLDetailsElement>("details[id]")) {
    const after = fresh.getElementById(before.id);
    if (after instanceof HTMLElement) after.toggleAttribute("open", before.open);
  }
  const typed = document.querySelector<HTMLInputElement>("input[type=search]");
  fresh.querySelector("input[type=search]")?.setAttribute("value", typed?.value ?? "");
}

// The keyboard focus stays: on the same link, button or field, or the one now in its place.
function placeOf(focused: Element | null): (() => void) | null {
  if (!(focused instanceof HTMLElement) || main()?.contains(focused) !== true) return null;
  const reachable = () => [
    ...(main()?.querySelectorAll<HTMLElement>("a,button,input,summary,[tabindex]") ?? []),
  ];
  const index = reachable().indexOf(focused);
  const text = focused.getAttribute("href") ?? focused.getAttribute("aria-label") ?? focused.textContent;
  const isSame = (element: HTMLElement) =>
    (element.getAttribute("href") ?? element.getAttribute("aria-label") ?? element.textContent) === text;
  return () => (reachable().find(isSame) ?? reachable()[index])?.focus({ preventScroll: true });
}

function countOn(): void {
  for (const time of document.querySelectorAll<HTMLElement>("time[data-since]")) {
    const ms = Date.now() - Date.parse(time.dataset.since ?? "");
    if (!Number.isNaN(ms)) time.textContent = duration(Math.max(0, ms));
  }
}

function duration(ms: number): string {
  if (ms < 10 * SECOND) return `${(ms / SECOND).toFixed(1)}s`;
  const seconds = Math.round(ms / SECOND);
  if (seconds < 60) return `${seconds}s`;
  const two = (value: number) => String(value).padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${minutes}m ${two(seconds % 60)}s`
    : `${Math.floor(minutes / 60)}h ${two(minutes % 60)}m`;
}
