export type ShellName = 'bash' | 'zsh' | 'fish'

/** The words that may follow the command `azora <path>`. */
export interface CompletionEntry {
  path: readonly string[]
  words: ReadonlyArray<{ word: string; about: string }>
}

export function scriptFor(shell: ShellName, entries: readonly CompletionEntry[]): string {
  return { bash, zsh, fish }[shell](entries)
}

const keyOf = (path: readonly string[]): string => ['azora', ...path].join(' ')
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`

/** Shell code that walks the typed words into `path`, following only known commands. */
function bash(entries: readonly CompletionEntry[]): string {
  const known = entries.filter(({ path }) => path.length > 0).map(({ path }) => quoted(keyOf(path)))
  const cases = entries.map(
    ({ path, words }) => `    ${quoted(keyOf(path))}) words=${quoted(words.map(({ word }) => word).join(' '))} ;;`,
  )
  return `_azora() {
  local path='azora' words='' word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$path $word" in
      ${known.join('|')}) path="$path $word" ;;
    esac
  done
  case "$path" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _azora azora`
}

function zsh(entries: readonly CompletionEntry[]): string {
  const known = entries.filter(({ path }) => path.length > 0).map(({ path }) => quoted(keyOf(path)))
  const described = (word: string, about: string): string => quoted(`${word}:${about.replaceAll(':', '\\:')}`)
  const cases = entries.map(
    ({ path, words }) =>
      `    ${quoted(keyOf(path))}) options=(${words.map(({ word, about }) => described(word, about)).join(' ')}) ;;`,
  )
  return `#compdef azora
_azora() {
  local typed='azora' word
  local -a options
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$typed $word" in
      ${known.join('|')}) typed="$typed $word" ;;
    esac
  done
  case "$typed" in
${cases.join('\n')}
  esac
  _describe azora options || _files
}
if [ "$funcstack[1]" = _azora ]; then _azora "$@"; else compdef _azora azora; fi`
}

function fish(entries: readonly CompletionEntry[]): string {
  const lines = entries.flatMap(({ path, words }) =>
    words.map(({ word, about }) => {
      const what = word.startsWith('--') ? `-l ${word.slice(2)}` : `-f -a ${word}`
      return `complete -c azora -n ${quoted(`__azora_at "${keyOf(path)}"`)} ${what} -d ${quotedForFish(about)}`
    }),
  )
  const known = entries.filter(({ path }) => path.length > 0).map(({ path }) => quoted(keyOf(path)))
  return `function __azora_path
  set -l path azora
  for word in (commandline -opc)[2..-1]
    if contains -- "$path $word" ${known.join(' ')}
      set path "$path $word"
    end
  end
  echo $path
end
function __azora_at
  test "$(__azora_path)" = "$argv[1]"
end
${lines.join('\n')}`
}

const quotedForFish = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
