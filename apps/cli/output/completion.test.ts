import { Command } from 'commander'
import { expect, test } from 'vitest'
import { entriesOf } from '../commands/completion.ts'
import { probe } from '../launch/probe.ts'
import { scriptFor } from './completion.ts'

const program = new Command('azora').option('--json', 'print JSON only')
const run = program.command('run').description('control runs')
run.command('start').description("start an agent's run").option('--watch', 'show it')
run.command('show').description('show it')
const entries = entriesOf(program, [])

/** What bash offers for the words typed so far. */
async function offered(...words: string[]): Promise<string[]> {
  const typed = words.map((word) => `'${word}'`).join(' ')
  const call = `COMP_WORDS=(${typed}); COMP_CWORD=${words.length - 1}; _azora; echo "\${COMPREPLY[@]}"`
  const script = `${scriptFor('bash', entries)}\n${call}`
  const { ok, stdout } = await probe('bash', ['--norc', '-c', script])
  expect(ok).toBe(true)
  return stdout.split(' ')
}

test('bash offers commands, their subcommands and options', async () => {
  expect(await offered('azora', 'r')).toEqual(['run'])
  expect(await offered('./azora', '--json', 'run', 's')).toEqual(['start', 'show'])
  expect(await offered('azora', 'run', 'start', '--w')).toEqual(['--watch'])
  expect(await offered('azora', 'run', 'start', 'repo-steward', '--')).toEqual(['--watch', '--json', '--help'])
})

test('zsh and fish get the same words with what they mean', () => {
  const zsh = scriptFor('zsh', entries)
  expect(zsh).toContain(
    "'azora run start') options=('--watch:show it' '--json:print JSON only' '--help:show how it is used') ;;",
  )
  const fish = scriptFor('fish', entries)
  expect(fish).toContain(`complete -c azora -n '__azora_at "azora run"' -f -a start -d 'start an agent\\'s run'`)
})
