import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { dataDirectory, journalKey, localServer, ownerToken } from './local.ts'

describe('dataDirectory', () => {
  const linux = { platform: 'linux', uid: 1000, home: '/home/ada' } as const

  test.each([
    ['an override', { AZORA_DATA_DIR: '/data/azora' }, linux, '/data/azora'],
    ['root on Linux', {}, { ...linux, uid: 0 }, '/var/lib/azora'],
    ['a person on Linux', {}, linux, '/home/ada/.local/share/azora'],
    ['XDG_DATA_HOME', { XDG_DATA_HOME: '/xdg' }, linux, '/xdg/azora'],
    [
      'macOS',
      {},
      { platform: 'darwin', uid: 501, home: '/Users/ada' } as const,
      '/Users/ada/Library/Application Support/azora',
    ],
  ])('%s', (_, env, host, expected) => {
    expect(dataDirectory(env, host)).toBe(expected)
  })

  test('makes a relative override absolute', () => {
    expect(dataDirectory({ AZORA_DATA_DIR: 'here' }, linux)).toBe(join(process.cwd(), 'here'))
  })
})

describe('a data directory', () => {
  let dir: string
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'azora-local-'))
  })
  afterEach(() => rm(dir, { recursive: true, force: true }))

  const announce = (pid: number) =>
    writeFile(
      join(dir, 'server.json'),
      JSON.stringify({ pid, url: 'http://127.0.0.1:7420', version: '0.1.0', startedAt: '2026-01-01T00:00:00.000Z' }),
    )

  test('names the server while its process lives', async () => {
    await announce(process.pid)
    expect(await localServer(dir)).toMatchObject({ pid: process.pid, url: 'http://127.0.0.1:7420' })
  })

  test('names no server when its process is gone', async () => {
    await announce(2 ** 30)
    expect(await localServer(dir)).toBeUndefined()
  })

  test.each(['', '{"pid":', '{"pid": "7"}'])('names no server when server.json holds %j', async (text) => {
    await writeFile(join(dir, 'server.json'), text)
    expect(await localServer(dir)).toBeUndefined()
  })

  test('has neither server nor token nor key before the first start', async () => {
    const fresh = join(dir, 'not-there')
    expect([await localServer(fresh), await ownerToken(fresh), await journalKey(fresh)]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })

  test('gives the token without its line feed', async () => {
    await writeFile(join(dir, 'owner.token'), 'azt_secret\n')
    expect(await ownerToken(dir)).toBe('azt_secret')
  })
})
