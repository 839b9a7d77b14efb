/** The section that collects changes: of the next version, or of one that is named already and not released. */
const OPEN = /^## \[(?:Unreleased\]|(\d+\.\d+\.\d+[^\]]*)\] - Unreleased)$/;
const SECTION = /^## \[(\d+\.\d+\.\d+[^\]]*)\] - (\d{4}-\d{2}-\d{2})$/;

export interface Section {
  /** Null in the open section, unless it names the version that it prepares. */
  version: string | null;
  /** The day of its release, `YYYY-MM-DD`; null in the open section. */
  date: string | null;
  /** All below the heading, without blank lines around it. */
  body: string;
}

/** The sections of a changelog, newest first. A heading of another form throws, with its line. */
export function sectionsOf(changelog: string): Section[] {
  const lines = changelog.split("\n");
  const heads = lines.flatMap((line, index) => (line.startsWith("## ") ? [index] : []));
  return heads.map((head, index) => {
    const body = lines
      .slice(head + 1, heads[index + 1])
      .join("\n")
      .trim();
    return { ...headOf(lines[head] ?? "", head + 1), body };
  });
}

function headOf(line: string, number: number): Pick<Section, "version" | "date"> {
  const released = SECTION.exec(line);
  if (released !== null) return { version: released[1] ?? null, date: released[2] ?? null };
  const open = OPEN.exec(line);
  if (open === null) throw new Error(`CHANGELOG.md:${number}: '${line}' is no heading of a version`);
  return { version: open[1] ?? null, date: null };
}

/** The section of a version, released or open; null where the changelog does not name it. */
export function sectionOf(changelog: string, version: string): Section | null {
  return sectionsOf(changelog).find((section) => section.version === version) ?? null;
}

/** The changelog with its open section as the section of this version, and an empty open one above it. */
export function released(changelog: string, version: string, date: string): string {
  const [open] = sectionsOf(changelog);
  if (open === undefined || open.date !== null)
    throw new Error("CHANGELOG.md has no section for changes to come");
  if (open.version !== null && open.version !== version)
    throw new Error(`CHANGELOG.md prepares ${open.version}, not ${version}`);
  if (open.body === "") throw new Error("CHANGELOG.md names no change since the last release");
  const lines = changelog.split("\n");
  const at = lines.findIndex((line) => OPEN.test(line));
  return lines.toSpliced(at, 1, "## [Unreleased]", "", `## [${version}] - ${date}`).join("\n");
}
