import { composeOf } from "../compose-of.ts";
import type { Rule } from "../rule.ts";
import { isQuiesce } from "./hooks.ts";

export const restoreHookMissing: Rule = {
  id: "restore-hook-missing",
  level: "error",
  title: "a backup pre-hook without a restore post-hook",
  check: (facts) =>
    composeOf(facts).services.flatMap(({ name, labels }) => {
      const hook = labels.get("backupbot.backup.pre-hook");
      const restore = labels.get("backupbot.restore.post-hook");
      const isRestored = restore !== undefined && restore.text.trim() !== "";
      if (hook === undefined || hook.text.trim() === "" || isRestored || isQuiesce(hook.text)) return [];
      const message = `service ${name} is dumped before a backup by \`backupbot.backup.pre-hook\`, and no \`backupbot.restore.post-hook\` reads the dump back: a restore exits 0 and the data stays lost`;
      const mend = `add the label \`backupbot.restore.post-hook\` to service ${name}: the command that reads what ${JSON.stringify(hook.raw)} wrote`;
      return [{ message, mend, at: hook.at }];
    }),
};
