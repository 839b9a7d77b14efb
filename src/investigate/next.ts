import type { Cause } from "../core/cause/evidence.ts";
import { WHEN_IDLE } from "../core/cause/verdict.ts";
import type { Investigation } from "../core/records/investigation.ts";
import type { Session } from "./session.ts";

/** The one thing to do next, and who must do it. */
export function nextOf(session: Session, cause: Cause, raise: string | null): Investigation["next"] {
  const { recipe, red } = session;
  const reproduce = `canonical-sweep run ${recipe.recipe} --no-promote`;
  const brief = `canonical-sweep show ${red.run} ${recipe.recipe}`;
  switch (cause) {
    case "recipe":
      return {
        what: `mend the release ${red.target.version}, and publish a new one; the brief has its first error`,
        who: "the maintainers of the recipe",
        command: brief,
      };
    case "test":
      return {
        what: "mend the test, or say in recipe.yaml for which versions it is (`tests:`)",
        who: "whoever keeps the tests of this recipe",
        command: reproduce,
      };
    case "machinery":
      return {
        what: "mend this machine: a tool, Docker, its disk, the deployer or its configuration",
        who: "the operator of this machine",
        command: "canonical-sweep doctor",
      };
    case "outside":
      return {
        what: "wait for what is outside (a registry, a resolver, a service), or report it to those who run it; then test again",
        who: "the operator of this machine",
        command: reproduce,
      };
    case "flake (load)":
      return {
        what: "give the test a limit that a busy machine keeps, or the app the time that it needs to start",
        who: "whoever keeps the tests of this recipe",
        command: reproduce,
      };
    case "flake (timing)":
      return {
        what: "let the test wait for what it needs instead of for a time; then test again",
        who: "whoever keeps the tests of this recipe",
        command: reproduce,
      };
    case "unresolved":
      return {
        what: raise ?? "read the brief",
        who: "the operator of this machine",
        command: raise === WHEN_IDLE ? `canonical-sweep investigate ${recipe.recipe}` : brief,
      };
  }
}
