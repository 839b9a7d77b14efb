import { raw, html as template } from "hono/html";
import { visible } from "../core/text/visible.ts";

/** HTML in which everything that was put into it is escaped. */
export type Markup = ReturnType<typeof raw>;

type Content = Markup | string | number | null | undefined | false | readonly Content[];

export const NOTHING: Markup = raw("");

/** A template of HTML: what stands in `${}` is made visible and escaped, unless it is such a template itself. */
export function html(strings: TemplateStringsArray, ...values: Content[]): Markup {
  // It is a promise only where a value is one, and `Content` has none.
  return template(strings, ...values.map(shown)) as Markup;
}

function shown(content: Content): Content {
  if (typeof content === "string") return visible(content);
  return Array.isArray(content) ? content.map(shown) : content;
}

/** Text of this program's own that is HTML, CSS or SVG already. Never anything from outside. */
export function ownMarkup(text: string): Markup {
  return raw(text);
}

/** A path as a part of an address. */
export function encoded(path: string): string {
  return path.split("/").map(encodeURIComponent).join("/");
}
