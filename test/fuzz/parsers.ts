import type { FuzzedParser } from "./parser.ts";
import { ABRA_ENV, ABRA_SH, COMPOSE, SWARM_ENV } from "./parsers/app-files.ts";
import { RECIPE_YAML, SWEEP_YAML } from "./parsers/configuration.ts";
import { JUNIT } from "./parsers/junit.ts";
import { LABELS } from "./parsers/labels.ts";
import { JOURNAL_LINES } from "./parsers/lines.ts";
import { OUTPUT } from "./parsers/output.ts";
import { CANONICAL, EXCEPTIONS, LOCK_HOLDER, PROMOTION, REPORT } from "./parsers/records.ts";
import { TAG_LIST } from "./parsers/tag-list.ts";
import { DURATIONS, SIZES } from "./parsers/values.ts";
import { ORDER, VERSION } from "./parsers/versions.ts";

/** Every reader of what others wrote, or what a kill may have cut short. */
export const PARSERS: readonly FuzzedParser[] = [
  VERSION,
  ORDER,
  TAG_LIST,
  CANONICAL,
  PROMOTION,
  EXCEPTIONS,
  REPORT,
  LOCK_HOLDER,
  JOURNAL_LINES,
  SWEEP_YAML,
  RECIPE_YAML,
  JUNIT,
  SWARM_ENV,
  ABRA_ENV,
  ABRA_SH,
  COMPOSE,
  DURATIONS,
  SIZES,
  LABELS,
  OUTPUT,
];
