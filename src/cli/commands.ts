import type { CommandDefinition, CommandGroup } from "./definition.ts";
import { LOOK } from "./definitions/look.ts";
import { RECORDS } from "./definitions/records.ts";
import { SERVICE } from "./definitions/service.ts";
import { setUp } from "./definitions/set-up.ts";
import { WORK } from "./definitions/work.ts";

/** All commands, in the order of the help. */
export const COMMAND_GROUPS: readonly CommandGroup[] = [LOOK, WORK, RECORDS, SERVICE, setUp(() => COMMANDS)];

export const COMMANDS: readonly CommandDefinition[] = COMMAND_GROUPS.flatMap((group) => group.commands);
