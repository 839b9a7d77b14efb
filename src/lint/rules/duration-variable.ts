import { composeOf } from "../compose-of.ts";
import { isFilledIn } from "../facts.ts";
import type { Rule } from "../rule.ts";
import { unfitValues } from "./durations.ts";

export const durationVariable: Rule = {
  id: "duration-variable",
  level: "error",
  title: "a duration or a number with a variable that is set to none",
  check: (facts) => {
    const { compose } = composeOf(facts);
    if (compose === null) return [];
    return unfitValues(compose)
      .filter(({ value }) => isFilledIn(value))
      .map(({ service, field, value, problem }) => ({
        message: `service ${service}: \`${field}: ${value.raw}\` becomes ${JSON.stringify(value.text)}, and Docker refuses it: \`${problem}\``,
        mend: `set the variable in .env.sample to a value with its unit, or give it a default here: \`\${NAME:-30s}\``,
        at: value.at,
      }));
  },
};
