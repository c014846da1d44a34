import { Argument, type Command } from 'commander'
import { EXIT } from '../exit.ts'
import { type CompletionEntry, type ShellName, scriptFor } from '../output/completion.ts'
import type { AddCommand } from '../shell.ts'

const EXAMPLES = `
Examples:
  $ azora completion bash > ~/.local/share/bash-completion/completions/azora
  $ azora completion zsh > "\${fpath[1]}/_azora"
  $ azora completion fish > ~/.config/fish/completions/azora.fish`

export const addCompletion: AddCommand = (parent, shell) => {
  parent
    .command('completion')
    .addArgument(new Argument('<shell>', 'shell to complete in').choices(['bash', 'zsh', 'fish']))
    .description('print a completion script')
    .addHelpText('after', EXAMPLES)
    .action(async (name: ShellName, _options: object, self: Command) => {
      await shell.perform(self, async ({ screen }) => {
        const script = scriptFor(name, entriesOf(parent, []))
        screen.show({ shell: name, script }, () => script)
        return EXIT.ok
      })
    })
}

/** What may follow each command: its subcommands and its options. */
export function entriesOf(command: Command, path: readonly string[]): CompletionEntry[] {
  const words = [
    ...command.commands.map((child) => ({ word: child.name(), about: child.description() })),
    ...[...command.options, ...(path.length === 0 ? [] : (rootOf(command).options ?? []))].flatMap((option) =>
      option.long ? [{ word: option.long, about: option.description }] : [],
    ),
    { word: '--help', about: 'show how it is used' },
  ]
  const unique = [...new Map(words.map((word) => [word.word, word])).values()]
  return [{ path, words: unique }, ...command.commands.flatMap((child) => entriesOf(child, [...path, child.name()]))]
}

const rootOf = (command: Command): Command => (command.parent ? rootOf(command.parent) : command)
