import { type Command, CommanderError, Option } from "commander";
import { COMMAND_GROUPS } from "./cli/commands.ts";
import type { CommandDefinition } from "./cli/definition.ts";
import { GLOBAL_OPTIONS, globalOptions } from "./cli/global-options.ts";
import { helpAfter, PROGRAM_HELP_AFTER } from "./cli/help.ts";
import type { Invocation, Surroundings } from "./cli/invocation.ts";
import { HonestCommand } from "./cli/parser.ts";
import { EXIT } from "./core/exit.ts";
import { Fault } from "./fault.ts";

interface Chosen {
  definition: CommandDefinition;
  invocation: Invocation;
}

/**
 * Parses the command line and runs its command. Returns the exit code; throws a Fault that names every error of a wrong
 * command line.
 */
export async function runProgram(words: readonly string[], surroundings: Surroundings): Promise<number> {
  const faults: string[] = [];
  const chosen: Chosen[] = [];
  const parser = createParser(surroundings, faults, (choice) => chosen.push(choice));
  try {
    await parser.parseAsync([...words], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (faults.length > 0) throw usageFault(faults, undefined);
    return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  }
  const [choice] = chosen;
  if (choice !== undefined) faults.push(...faultsOf(choice));
  if (faults.length > 0 || choice === undefined) throw usageFault(faults, choice);
  const action = await choice.definition.load();
  return action(choice.invocation);
}

function createParser(
  surroundings: Surroundings,
  faults: string[],
  onChosen: (chosen: Chosen) => void,
): Command {
  const columns = () => Math.min(100, surroundings.stdout.columns());
  const parser = new HonestCommand("canonical-sweep", faults)
    .description("Proves which release of each recipe is really good, and keeps a canonical of it.")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => surroundings.stdout.write(text),
      writeErr: (text) => surroundings.stderr.write(text),
      getOutHelpWidth: columns,
      getErrHelpWidth: columns,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .addHelpText("after", PROGRAM_HELP_AFTER);
  parser.configureHelp({ showGlobalOptions: true });
  for (const option of GLOBAL_OPTIONS) parser.option(option.flags, option.about);
  parser.addHelpCommand(
    new HonestCommand("help", faults)
      .argument("[COMMAND]")
      .summary("the help of a command")
      .helpGroup(COMMAND_GROUPS.at(-1)?.title ?? ""),
  );
  addVersionToHelp(parser);
  for (const group of COMMAND_GROUPS) {
    parser.commandsGroup(group.title);
    for (const definition of group.commands) addCommand(parser, definition, surroundings, onChosen);
  }
  return parser;
}

// `adopt --version V` is a separate option, so main.ts answers the program's --version, without commander.
function addVersionToHelp(parser: Command): void {
  const version = new Option("-V, --version", "print the version");
  const helper = parser.createHelp();
  parser.configureHelp({
    showGlobalOptions: true,
    visibleOptions: (command) =>
      command === parser ? [...helper.visibleOptions(command), version] : helper.visibleOptions(command),
  });
}

function addCommand(
  parser: Command,
  definition: CommandDefinition,
  surroundings: Surroundings,
  onChosen: (chosen: Chosen) => void,
): void {
  const command = parser.command(definition.name).summary(definition.summary).description(definition.about);
  for (const argument of definition.arguments ?? []) command.argument(argument.form, argument.about);
  for (const { flags, about, choices, required } of definition.options ?? []) {
    const option = new Option(flags, about).makeOptionMandatory(required ?? false);
    command.addOption(choices === undefined ? option : option.choices(choices).argParser(collect));
  }
  command.addHelpText("after", () => helpAfter(definition, Math.min(100, surroundings.stdout.columns())));
  command.action(() => {
    const invocation = {
      arguments: command.processedArgs,
      options: command.opts(),
      global: globalOptions(parser.opts()),
      surroundings,
    };
    onChosen({ definition, invocation });
  });
}

// The choices are for the help; `faultsOf` checks them together with everything else.
function collect(value: string, before: string[] | undefined): string[] {
  return [...(before ?? []), value];
}

function faultsOf({ definition, invocation }: Chosen): string[] {
  const { global, options } = invocation;
  const faults = [...(definition.faults?.(invocation) ?? [])];
  for (const { flags, choices } of definition.options ?? [])
    if (choices !== undefined) faults.push(...choiceFaults(invocation, flags, choices));
  if (global.quiet && global.verbose) faults.push("--quiet and --verbose exclude each other");
  for (const [name, value] of Object.entries({ ...options, config: global.config, state: global.state }))
    if (typeof value === "string" && value.startsWith("-"))
      faults.push(`--${name} wants a value and found '${value}'`);
  return faults;
}

function choiceFaults({ options }: Invocation, flags: string, choices: readonly string[]): string[] {
  const option = new Option(flags);
  const values = options[option.attributeName()];
  return (Array.isArray(values) ? values.map(String) : [])
    .filter((value) => !choices.includes(value))
    .map((value) => `${option.long} takes ${choices.join(" ")}, and found '${value}'`);
}

function usageFault(faults: readonly string[], choice: Chosen | undefined): Fault {
  const name = choice === undefined ? "canonical-sweep" : `canonical-sweep ${choice.definition.name}`;
  return new Fault("usage", faults.join("\n"), `see \`${name} --help\``);
}
