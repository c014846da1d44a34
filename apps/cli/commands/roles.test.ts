import { Command } from 'commander'
import { expect, test } from 'vitest'
import type { Role } from '../launch/role.ts'
import { addRoles, flagsOf } from './roles.ts'

/** The flags that a command line hands to the server program. */
function flagsFor(role: Role, ...args: string[]): string[] {
  let flags: string[] = []
  const program = new Command('azora')
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .option('--data <dir>')
    .option('--url <url>')
    .option('--token <token>')
  addRoles(program, {
    exitCode: () => 0,
    perform: async (command) => {
      flags = flagsOf(role, command)
    },
  })
  program.parse([role, ...args], { from: 'user' })
  return flags
}

test('flags reach the server program as they were given', () => {
  expect(flagsFor('up')).toEqual([])
  expect(flagsFor('up', '--port', '0', '--data', '/d', '--capacity=2', '--managed')).toEqual([
    '--port',
    '0',
    '--capacity',
    '2',
    '--managed',
    '--data',
    '/d',
  ])
})

test('only a node is told a URL, and nobody a token on the command line', () => {
  expect(flagsFor('node', '--url', 'ws://x', '--token', 't', '--name', 'n')).toEqual(['--name', 'n', '--url', 'ws://x'])
  expect(flagsFor('server', '--url', 'http://x')).toEqual([])
})

test('a flag of another role is refused', () => {
  expect(() => flagsFor('server', '--capacity', '2')).toThrow(/unknown option/)
})
