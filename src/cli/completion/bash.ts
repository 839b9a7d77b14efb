import { type CompletedCommand, type CompletedOption, optionsWith } from "./completed-command.ts";

/** The completion script for bash (4 or later; needs no bash-completion). */
export function bashScript(
  commands: readonly CompletedCommand[],
  common: readonly CompletedOption[],
): string {
  const names = commands.map((command) => command.name);
  const all = [...common, ...commands.flatMap((command) => command.options)];
  const commonNames = [...common.map((option) => option.name), "--help"].join(" ");
  return `# bash completion for canonical-sweep
# A word as it will be without its quotes; nothing in it is run.
_canonical_sweep_word() {
  local word
  word=$(xargs -n 1 printf '%s\\n' <<<"$1" 2>/dev/null) || word=$1
  case $word in '~/'*) word=$HOME/\${word#'~/'} ;; esac
  printf '%s' "$word"
}

_canonical_sweep_recipes() {
  local folder="" index path
  for ((index = 1; index < COMP_CWORD; index++)); do
    if [[ \${COMP_WORDS[index]} == --config ]]; then folder=$(_canonical_sweep_word "\${COMP_WORDS[index + 1]}"); fi
  done
  if [[ -z $folder ]]; then folder=\${CANONICAL_SWEEP_CONFIG-}; fi
  if [[ -z $folder && -e sweep.yaml ]]; then folder=.; fi
  if [[ -z $folder ]]; then folder=/etc/canonical-sweep; fi
  for path in "$folder"/recipes/*/; do
    path=\${path%/}; path=\${path##*/}
    # compgen expands its words, so that another name could be a command.
    if [[ $path =~ ^[a-z0-9][a-z0-9-]*$ ]]; then printf '%s\\n' "$path"; fi
  done
}

_canonical_sweep() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD - 1]} command="" index
  COMPREPLY=()
  for ((index = 1; index < COMP_CWORD; index++)); do
    case \${COMP_WORDS[index]} in
      ${optionsWith(common, () => true)}) index=$((index + 1)) ;;
      ${names.join("|")}) command=\${COMP_WORDS[index]}; break ;;
    esac
  done
  case $previous in
    ${optionsWith(all, (value) => value.completes === "file")}) mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
    ${optionsWith(all, (value) => value.completes === "recipe")}) mapfile -t COMPREPLY < <(compgen -W "$(_canonical_sweep_recipes)" -- "$current"); return ;;
${all
  .filter((option) => (option.value?.words.length ?? 0) > 0)
  .map(
    (option) =>
      `    ${option.name}) mapfile -t COMPREPLY < <(compgen -W "${option.value?.words.join(" ")}" -- "$current"); return ;;\n`,
  )
  .join(
    "",
  )}    ${optionsWith(all, (value) => value.completes === "nothing" && value.words.length === 0)}) return ;;
  esac
  local words
  case $command in
    "") words="${[...names, commonNames].join(" ")} --version" ;;
${commands.map((command) => `    ${command.name}) words="${wordsOf(command, commonNames)}" ;;\n`).join("")}  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
}
complete -F _canonical_sweep canonical-sweep
`;
}

function wordsOf(command: CompletedCommand, commonNames: string): string {
  const recipes = command.takesRecipes ? ["$(_canonical_sweep_recipes)"] : [];
  return [...recipes, ...command.words, ...command.options.map((option) => option.name), commonNames].join(
    " ",
  );
}
