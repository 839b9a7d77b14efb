import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

/** A source file, its path relative to `src`. */
export interface SourceFile {
  path: string;
  text: string;
}

export interface Import {
  /** The file below `src` that is imported, or the name of a package. */
  target: string;
  isOurs: boolean;
}

/** One thing that breaks a rule, on one line. */
export type Violation = string;

export function readSources(root: string): SourceFile[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path: relative(root, path), text: readFileSync(path, "utf8") }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Every `import … from`, `export … from`, bare `import` and `import()` of a file, types among them. */
export function importsOf(file: SourceFile): Import[] {
  const code = codeWithStrings(file);
  const statements = [
    ...code.matchAll(/^\s*(?:import|export)\b[^;"']*?\bfrom\s*["']([^"']+)["']/gm),
    ...code.matchAll(/^\s*import\s*["']([^"']+)["']/gm),
    ...code.matchAll(/\bimport\s*\(\s*["']([^"']+)["']/g),
  ];
  return statements.map(([, specifier = ""]) => resolve(file.path, specifier));
}

/** The code of a file with its strings, without comments and without what stands in templates. */
export function codeWithStrings(file: SourceFile): string {
  return blank(file.text, "comments and templates");
}

/** The code of a file without comments and without what stands in strings and templates. */
export function bareCode(file: SourceFile): string {
  return blank(file.text, "strings too");
}

function resolve(from: string, specifier: string): Import {
  if (!specifier.startsWith(".")) return { target: specifier, isOurs: false };
  return { target: join(from, "..", specifier), isOurs: true };
}

/** Overwrites with blanks what is no code; line breaks stay where they are. */
function blank(text: string, what: "comments and templates" | "strings too"): string {
  const scan = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/y;
  let code = "";
  let at = 0;
  const open: ("template" | "braces")[] = [];
  while (at < text.length) {
    if (open.at(-1) === "template") {
      const end = endOfTemplateText(text, at);
      code += erased(text.slice(at, end));
      open.pop();
      const isFilled = text.startsWith("${", end);
      if (isFilled) open.push("template", "braces");
      code += isFilled ? " {" : " ";
      at = end + (isFilled ? 2 : 1);
      continue;
    }
    scan.lastIndex = at;
    const token = scan.exec(text)?.[0] ?? regexAt(text, at, code) ?? text.charAt(at);
    const isString = /^["']/.test(token) && token.length > 1;
    const isComment = token.startsWith("//") || token.startsWith("/*");
    const isErased = isComment || (isString && what === "strings too") || /^\/./.test(token);
    code += isErased ? erased(token) : token;
    at += token.length;
    if (token === "`") open.push("template");
    else if (token === "{" && open.length > 0) open.push("braces");
    else if (token === "}" && open.length > 0) open.pop();
  }
  if (open.length > 0) throw new Error("a template has no end: the rules would not see what follows");
  return code;
}

/** Where the text of a template ends: at its back-tick, or at the `${` of an expression. */
function endOfTemplateText(text: string, from: number): number {
  const end = /(?<!\\)(?:\\\\)*(`|\$\{)/g;
  end.lastIndex = from;
  const found = end.exec(text);
  return found === null ? text.length : end.lastIndex - (found[1]?.length ?? 0);
}

/** The regular expression that begins here: a slash where no value stands before it. */
function regexAt(text: string, at: number, before: string): string | null {
  if (text[at] !== "/" || !/(?:[(,=:[!&|?{};+]|\breturn|=>|^)\s*$/.test(before.slice(-60))) return null;
  const regex = /\/(?:[^/\\\n[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y;
  regex.lastIndex = at;
  return regex.exec(text)?.[0] ?? null;
}

function erased(text: string): string {
  return text.replace(/[^\n]/g, " ");
}
