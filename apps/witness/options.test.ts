import { generateKeyPairSync } from 'node:crypto'
import { createSigner } from '@azora/proof'
import { describe, expect, it } from 'vitest'
import { parseOptions } from './options.ts'
import { readStatus } from './status.ts'

const vkeyOf = (name: string): string => createSigner(name, generateKeyPairSync('ed25519').privateKey).verifier.text
const VKEY = vkeyOf('example.org/log')

describe('the options', () => {
  it('name logs by the keys that are trusted for them', () => {
    const other = vkeyOf('elsewhere')
    const { logs, listen } = parseOptions(['run', '--state', 's', '--log', VKEY, '--log', `${other},example.org/log`])
    expect([...logs].map(([origin, keys]) => [origin, keys.map(({ text }) => text)])).toEqual([
      ['example.org/log', [VKEY, other]],
    ])
    expect(listen).toEqual({ host: '127.0.0.1', port: 7421 })
    expect(parseOptions(['status', '--state', 's', '--listen', '[::1]:0']).listen).toEqual({ host: '::1', port: 0 })
  })

  it.each([
    [['run', '--state', 'x'], 'say which log to cosign'],
    [['run', '--log', VKEY], 'say where the witness keeps its state'],
    [['serve', '--state', 'x'], 'say run or status'],
    [['run', '--log', 'nonsense', '--state', 'x'], 'begins with no verifier key'],
    [['run', '--log', `${VKEY},`, '--state', 'x'], 'ends with no origin'],
    [['run', '--log', VKEY, '--state', 'x', '--listen', 'nowhere'], 'is not HOST:PORT'],
    [['run', '--log', VKEY, '--state', 'x', '--listen', '127.0.0.1:99999'], 'is not HOST:PORT'],
    [['run', '--logs', VKEY], "Unknown option '--logs'"],
  ])('that are wrong are named: %j', (argv, message) => {
    expect(() => parseOptions(argv)).toThrow(message)
  })
})

describe('the status', () => {
  it('of a place where no witness was says so', async () => {
    await expect(readStatus('/nonexistent/azora')).rejects.toMatchObject({ code: 'witness_state_missing' })
  })
})
