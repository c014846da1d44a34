import { describe, expect, it } from 'vitest'
import { subjectFor } from '../../testing/requests.ts'
import { commandsIn } from './commands.ts'

const commandsOf = (command: string) => commandsIn(subjectFor({ action: { input: { command } } }))
const linesOf = (command: string): string[] => commandsOf(command).map(({ shapes }) => shapes.join(' '))

describe('the commands of a text', () => {
  it('are those that a shell would run, also inside others', () => {
    expect(linesOf('sudo sh -c "ls $HOME"')).toEqual(['sudo sh -c ls ~', 'sh -c ls ~', 'ls ~'])
    expect(linesOf('for f in a b; do cat "$f"; done')).toEqual(['cat a', 'cat b'])
  })

  it('hold a NUL for what can not be known, and no text', () => {
    const [, command] = commandsOf('curl -d "$(date)" https://example.org')
    expect(command?.words.map(({ text }) => text)).toEqual(['curl', '-d', undefined, 'https://example.org'])
    expect(command?.feeds.map(({ name }) => name)).toEqual(['date'])
  })

  it('know their pipes, redirections, wrappers and folder', () => {
    const [first, second, third] = commandsOf('cd src && env A=b tr a b < in > out | wc')
    expect([first?.name, second?.name, third?.cwd]).toEqual(['cd', 'env', 'src'])
    expect(third).toMatchObject({ name: 'tr', wrappers: ['env'] })
    expect(third?.redirections.map(({ operator, target }) => operator + target.text)).toEqual(['<in', '>out'])
    expect(
      commandsOf('env | wc')
        .at(-1)
        ?.from.map(({ name }) => name),
    ).toEqual(['env'])
  })

  it('are read once for each subject', () => {
    const subject = subjectFor({ action: { input: { command: 'ls' } } })
    expect(commandsIn(subject)).toBe(commandsIn(subject))
  })

  it('are those of argvs too, which no shell reads', () => {
    const subject = subjectFor({ action: { input: { argv: ['echo', '$(ls)', 'a b'] } } })
    expect(commandsIn(subject).map(({ shapes }) => shapes)).toEqual([['echo', '$(ls)', 'a b']])
  })
})
