import type { Command } from '../command.ts'
import { afterOptions, hasOption, setOf } from '../options.ts'
import type { Find, Rule } from './rule.ts'

const GLOBAL = setOf('-C -c --git-dir --work-tree --namespace --exec-path --config-env')
const FILTERS = setOf('filter-branch filter-repo')
const PUSH_VALUED = setOf('-o --push-option --repo --receive-pack --exec')

/** The words of a git command from the sub-command on. */
const subcommandOf = (command: Command): string[] => {
  const words = command.shapes
  return words.slice(afterOptions(words, GLOBAL))
}

const isGit = ({ name }: Command): boolean => name === 'git' || name === 'hub'

function push(command: Command, words: readonly string[]): Find[] {
  if (hasOption(words, 'n', '--dry-run')) return []
  const found = (severity: Find['severity'], what: string): Find[] => [{ command, severity, what: `git push ${what}` }]
  const refs = words.slice(1).filter((word, at, all) => !word.startsWith('-') && !PUSH_VALUED.has(all[at - 1] ?? ''))
  if (hasOption(words, 'd', '--delete')) return found('CRITICAL', '--delete')
  if (hasOption(words, '', '--mirror')) return found('CRITICAL', '--mirror')
  if (hasOption(words, '', '--prune')) return found('CRITICAL', '--prune')
  if (hasOption(words, 'f', '--force')) return found('CRITICAL', '--force')
  if (refs.some((ref) => ref.startsWith('+'))) return found('CRITICAL', 'of a forced ref (+…)')
  if (refs.slice(1).some((ref) => /^:./.test(ref))) return found('CRITICAL', 'that deletes a ref (:…)')
  return hasOption(words, '', '--force-with-lease', '--force-if-includes') ? found('HIGH', '--force-with-lease') : []
}

function rewrites(command: Command, words: readonly string[], publishes: boolean): Find[] {
  const [name = ''] = words
  const line = words.join(' ')
  const severity = publishes ? 'CRITICAL' : 'HIGH'
  if (FILTERS.has(name)) return [{ command, severity, what: `git ${name}` }]
  if (name === 'reflog' && /\bexpire\b.*(?:--expire(?:-unreachable)?=(?:now|all|0)|--all)/.test(line)) {
    return [{ command, severity: 'HIGH', what: 'git reflog expire' }]
  }
  if (name === 'send-pack' && hasOption(words, 'f', '--force', '--mirror')) {
    return [{ command, severity: 'CRITICAL', what: 'git send-pack --force' }]
  }
  return []
}

export const rewritesHistory: Rule = {
  rule: 'shell_rewrites_history',
  message: 'A command would rewrite or delete history that others share.',
  remedy: 'Add commits instead, such as with git revert; leave rewriting to people.',
  find(commands) {
    const gits = commands.filter(isGit)
    const publishes = gits.some((command) => subcommandOf(command)[0] === 'push')
    const found = gits.flatMap((command) => {
      const words = subcommandOf(command)
      return words[0] === 'push' ? push(command, words) : rewrites(command, words, publishes)
    })
    for (const command of commands) {
      const line = command.line
      if (command.name === 'bfg' || (command.name === 'java' && /\bbfg[\w.-]*\.jar\b/.test(line))) {
        found.push({ command, severity: publishes ? 'CRITICAL' : 'HIGH', what: 'bfg' })
      }
      if (
        command.name === 'gh' &&
        /\bapi\b/.test(line) &&
        /\/git\/refs\//.test(line) &&
        /\bDELETE\b|force=true/.test(line)
      ) {
        found.push({ command, severity: 'CRITICAL', what: 'gh api …/git/refs' })
      }
    }
    return found
  },
}
