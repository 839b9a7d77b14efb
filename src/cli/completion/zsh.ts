import { type CompletedCommand, type CompletedOption, optionsWith } from "./completed-command.ts";

/** The completion script for zsh; works from `eval` and from a file in `fpath`. */
export function zshScript(commands: readonly CompletedCommand[], common: readonly CompletedOption[]): string {
  const all = [...common, ...commands.flatMap((command) => command.options)];
  const described = commands.map(({ name, summary }) => `    ${quoted(`${name}:${summary}`)}\n`).join("");
  return `#compdef canonical-sweep
_canonical_sweep_recipes() {
  local folder="" index
  for ((index = 2; index < CURRENT; index++)); do
    [[ \${words[index]} == --config ]] && folder=\${words[index + 1]}
  done
  [[ -z $folder ]] && folder=\${CANONICAL_SWEEP_CONFIG-}
  [[ -z $folder && -e sweep.yaml ]] && folder=.
  [[ -z $folder ]] && folder=/etc/canonical-sweep
  # Without its quotes; a pattern in its name stays a name.
  folder=\${(Q)folder}
  [[ $folder == "~/"* ]] && folder=$HOME/\${folder[3,-1]}
  local -a recipes=("$folder"/recipes/*(N/:t))
  compadd -a recipes
}

_canonical_sweep() {
  local command="" index
  local -a commands=(
${described}  )
  for ((index = 2; index < CURRENT; index++)); do
    case \${words[index]} in
      ${optionsWith(common, () => true)}) index=$((index + 1)) ;;
      ${commands.map((command) => command.name).join("|")}) command=\${words[index]}; break ;;
    esac
  done
  case \${words[CURRENT - 1]} in
    ${optionsWith(all, (value) => value.completes === "file")}) _files; return ;;
    ${optionsWith(all, (value) => value.completes === "recipe")}) _canonical_sweep_recipes; return ;;
${all
  .filter((option) => (option.value?.words.length ?? 0) > 0)
  .map((option) => `    ${option.name}) compadd ${option.value?.words.join(" ")}; return ;;\n`)
  .join(
    "",
  )}    ${optionsWith(all, (value) => value.completes === "nothing" && value.words.length === 0)}) return ;;
  esac
  case $command in
    "") _describe command commands; compadd -- ${namesOf(common)} --version ;;
${commands.map((command) => `    ${command.name}) ${offers(command)}; compadd -- ${namesOf(command.options)} ${namesOf(common)} ;;\n`).join("")}  esac
}
compdef _canonical_sweep canonical-sweep
`;
}

function offers(command: CompletedCommand): string {
  if (command.takesRecipes)
    return ["_canonical_sweep_recipes", ...command.words.map((word) => `compadd ${word}`)].join("; ");
  return command.words.length === 0 ? ":" : `compadd ${command.words.join(" ")}`;
}

function namesOf(options: readonly CompletedOption[]): string {
  return [...options.map((option) => option.name), "--help"].join(" ");
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
