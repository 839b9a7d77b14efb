import type { CompletedCommand, CompletedOption } from "./completed-command.ts";

/** The completion script for fish. */
export function fishScript(
  commands: readonly CompletedCommand[],
  common: readonly CompletedOption[],
): string {
  const names = commands.map((command) => command.name).join(" ");
  const noCommand = `not __fish_seen_subcommand_from ${names}`;
  return [
    RECIPES,
    "complete -c canonical-sweep -f",
    ...common.map((option) => completeOption(option, null)),
    "complete -c canonical-sweep -l help -d 'what it does, options, examples, exit codes'",
    `complete -c canonical-sweep -n ${quoted(noCommand)} -l version -d 'print the version'`,
    ...commands.map(
      ({ name, summary }) =>
        `complete -c canonical-sweep -n ${quoted(noCommand)} -a ${name} -d ${quoted(summary)}`,
    ),
    ...commands.flatMap(completeCommand),
    "",
  ].join("\n");
}

const RECIPES = `# fish completion for canonical-sweep
function __canonical_sweep_recipes
    set -l folder $CANONICAL_SWEEP_CONFIG
    set -l words (commandline -opc)
    if set -l index (contains -i -- --config $words)
        set folder $words[(math $index + 1)]
    end
    if test -z "$folder"; and test -e sweep.yaml
        set folder .
    end
    if test -z "$folder"
        set folder /etc/canonical-sweep
    end
    for path in $folder/recipes/*/
        basename $path
    end
end
`;

function completeCommand(command: CompletedCommand): string[] {
  const lines = command.options.map((option) => completeOption(option, command.name));
  const seen = quoted(`__fish_seen_subcommand_from ${command.name}`);
  if (command.takesRecipes)
    lines.push(`complete -c canonical-sweep -n ${seen} -a '(__canonical_sweep_recipes)'`);
  if (command.words.length > 0)
    lines.push(`complete -c canonical-sweep -n ${seen} -a ${quoted(command.words.join(" "))}`);
  return lines;
}

function completeOption({ name, about, value }: CompletedOption, command: string | null): string {
  const condition = command === null ? "" : ` -n ${quoted(`__fish_seen_subcommand_from ${command}`)}`;
  return `complete -c canonical-sweep${condition} -l ${name.slice(2)}${completeValue(value)} -d ${quoted(about)}`;
}

function completeValue(value: CompletedOption["value"]): string {
  if (value === null) return "";
  if (value.completes === "recipe") return " -x -a '(__canonical_sweep_recipes)'";
  if (value.completes === "file") return " -r -F";
  return value.words.length === 0 ? " -x" : ` -x -a ${quoted(value.words.join(" "))}`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
