import type { Problem } from "../../compose/located.ts";
import { TRAITS } from "../../core/driver-traits.ts";
import { composeOf } from "../compose-of.ts";
import { type Compose, type Facts, isFilledIn } from "../facts.ts";
import type { Found } from "../finding.ts";
import type { Rule } from "../rule.ts";
import { formProblems } from "./compose-form.ts";
import { undefinedNames } from "./compose-names.ts";
import { requiredVariables } from "./compose-variables.ts";
import { unfitValues } from "./durations.ts";

export const composeUnreadable: Rule = {
  id: "compose-unreadable",
  level: "error",
  title: "a compose file that does not parse, that Docker refuses, or that names a missing object",
  check: (facts) => {
    const { compose: reading } = facts.release;
    if (reading.state === "unreadable") return reading.problems.map(unreadable);
    const { compose } = composeOf(facts);
    return compose === null ? [] : problemsOf(compose, facts);
  },
};

function problemsOf(compose: Compose, facts: Facts): Found[] {
  const { deploys } = TRAITS[facts.driver];
  // Only `docker stack` requires its own form.
  const isStack = deploys !== "commands";
  const ofForm = isStack ? formProblems(compose) : [];
  const own = [
    ...ofForm,
    ...undefinedNames(compose),
    ...requiredVariables(compose, facts),
    ...unfit(compose),
  ];
  // Some are reported here with a remedy, or by the rule for durations.
  const places = [...own.map(({ at }) => at), ...unfitValues(compose).map(({ value }) => value.at)];
  const isSaid = ({ message, at }: Problem) =>
    own.some((found) => found.message === message) ||
    places.some((place) => place?.file === at.file && place.line === at.line);
  const others = isStack ? compose.problems.filter((problem) => !isSaid(problem)) : [];
  const doubts = deploys === "compose-files" ? compose.doubts : [];
  return [...own, ...others.map(unreadable), ...doubts.map(unreadable)];
}

function unreadable({ message, at }: Problem): Found {
  return { message, mend: "mend the file: nothing can be deployed from it", at };
}

function unfit(compose: Compose): Found[] {
  return unfitValues(compose)
    .filter(({ value }) => !isFilledIn(value))
    .map(({ problem, value }) => ({
      message: `${problem} (it is ${JSON.stringify(value.raw)})`,
      mend: "write a duration with its unit, in quotes: `30s`; a number without quotes",
      at: value.at,
    }));
}
