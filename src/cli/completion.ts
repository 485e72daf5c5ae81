import { Argument, Command } from 'commander';
import { type CliCommand, withExamples } from './command.ts';

/*
 * The shells' part is small: each passes the line up to the cursor to `usher __complete`, which knows the commands of
 * this very version and the inventory, and prints one candidate a line, its description after a tab.
 */

const bash = `# usher completion for bash. Load it with: source <(usher completion bash)
_usher_complete() {
  local line="\${COMP_LINE:0:COMP_POINT}" word prefix candidate
  COMPREPLY=()
  word="\${line##*[[:space:]]}"
  # Bash cuts words at : and @ too: what it took for earlier words is cut off the candidates.
  prefix="\${word%"\${COMP_WORDS[COMP_CWORD]:0:\${#word}}"}"
  [[ "\${COMP_WORDS[COMP_CWORD]}" == [:@=] ]] && prefix="$word"
  while IFS=$'\\t' read -r candidate _; do
    COMPREPLY+=("\${candidate#"$prefix"}")
  done < <("\${COMP_WORDS[0]}" __complete "$line" 2>/dev/null)
  [[ \${#COMPREPLY[@]} -eq 1 && "\${COMPREPLY[0]}" == *[:=] ]] && compopt -o nospace
  return 0
}
complete -o default -F _usher_complete usher
`;

const zsh = `#compdef usher
# usher completion for zsh. Load it with: source <(usher completion zsh)
_usher() {
  local -a candidates
  local line
  line="\${(j: :)words[1,CURRENT]}"
  while IFS=$'\\t' read -r candidate description; do
    candidates+=("\${candidate//:/\\\\:}\${description:+:$description}")
  done < <("\${words[1]}" __complete "$line" 2>/dev/null)
  if (( \${#candidates} )); then _describe 'usher' candidates; else _files; fi
}
compdef _usher usher
`;

const fish = `# usher completion for fish. Load it with: usher completion fish | source
function __usher_complete
  set -l candidates (usher __complete (commandline --cut-at-cursor | string collect) 2>/dev/null)
  if set -q candidates[1]
    printf '%s\\n' $candidates
  else
    __fish_complete_path (commandline --current-token)
  end
end
complete -c usher -f -a '(__usher_complete)'
`;

const scripts: Readonly<Record<string, string>> = { bash, zsh, fish };

function describe(name: string): Command {
  const command = new Command(name)
    .summary('print a script that completes commands, hosts and groups')
    .description(
      'Prints a completion script for a shell: commands, options, and the hosts and groups of the inventory.',
    )
    .addArgument(new Argument('<shell>', 'the shell').choices(Object.keys(scripts)));
  return withExamples(command, [
    ['source <(usher completion bash)', 'in this bash; put the line into ~/.bashrc for all'],
    ['source <(usher completion zsh)', 'in this zsh, after compinit'],
    ['usher completion fish > ~/.config/fish/completions/usher.fish', 'in every fish'],
  ]);
}

export const completion: CliCommand = {
  describe,
  async run({ around, words: [shell = ''] }) {
    around.stdout.write(scripts[shell] ?? '');
    return 0;
  },
};
