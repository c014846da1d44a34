import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ARTIFACT_BYTES_MAX, type UploadView } from '@azora/contracts'
import { localServer, ownerToken } from '@azora/sdk/client'
import { beforeAll, expect, it } from 'vitest'
import { lastJson, serverPid, until } from '../support/cli.ts'
import { type Cuttable, startProxy } from '../support/proxy.ts'
import { upForTests } from '../support/up.ts'

const { folder, dataDir, cli, restart } = upForTests('artifacts')
const kept = join(dataDir, 'artifacts')
const SIZE = 64 * 1024 * 1024
const big = join(folder, 'big')

beforeAll(async () => {
  writeFileSync(big, 'big')
  truncateSync(big, SIZE)
})

const file = (name: string, content: string): string => {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}
const uploads = async (): Promise<string[]> =>
  lastJson<{ items: UploadView[] }>(await cli.run('artifact', 'list', '--json')).items.map(({ digest }) => digest)
const sha256 = (content: string): string => createHash('sha256').update(content).digest('hex')
const drafts = (): string[] => readdirSync(join(kept, '.drafts'))

/** A line to the server, and what makes a command take it. */
async function lineTo(): Promise<{ line: Cuttable; through: string[] }> {
  const { port } = new URL((await localServer(dataDir))?.url ?? '')
  const line = await startProxy({ port: Number(port), host: '127.0.0.1' })
  return { line, through: ['--url', `http://127.0.0.1:${line.port}`, '--token', (await ownerToken(dataDir)) ?? ''] }
}

it('a file is handed over, listed, shown, fetched and removed', async () => {
  const text = file('text', 'some text')
  const put = lastJson<{ digest: string; bytes: number }>(await cli.run('artifact', 'put', text, '--json'))
  expect(put).toMatchObject({ digest: sha256('some text'), bytes: 9 })
  expect(put).toMatchObject({ sent: true })
  expect((await cli.run('artifact', 'put', text)).stdout).toContain('is there already, until')
  expect(await uploads()).toEqual([put.digest])
  const short = put.digest.slice(0, 8)
  expect((await cli.run('artifact', 'show', short)).stdout).toContain(put.digest)
  const copy = join(folder, 'copy')
  expect((await cli.run('artifact', 'get', short, '-o', copy)).code).toBe(0)
  expect(readFileSync(copy, 'utf8')).toBe('some text')
  expect((await cli.run('artifact', 'get', short, '-o', '-')).stdout).toBe('some text')
  expect((await cli.run('artifact', 'remove', short)).code).toBe(0)
  expect([await uploads(), (await cli.run('artifact', 'show', short)).code]).toEqual([[], 5])
})

it('what the server has is not sent again, unless it goes soon', async () => {
  const text = file('again', 'again')
  const sent = async () => lastJson<{ sent: boolean }>(await cli.run('artifact', 'put', text, '--json')).sent
  expect([await sent(), await sent()]).toEqual([true, false])
  const longAgo = new Date(Date.now() - 4 * 86_400_000)
  utimesSync(join(kept, 'default', 'uploads', sha256('again')), longAgo, longAgo)
  expect([await sent(), await sent()]).toEqual([true, false])
  expect((await cli.run('artifact', 'remove', sha256('again'))).code).toBe(0)
})

it('what is no file that can be handed over is named, before anything is sent', async () => {
  const large = file('large', '')
  truncateSync(large, ARTIFACT_BYTES_MAX + 1)
  mkdirSync(join(folder, 'folder'))
  const cases: Array<[string, string]> = [
    [large, 'an artifact at most 268435456 bytes (256 MiB)'],
    [join(folder, 'folder'), 'is a folder'],
    [join(folder, 'nowhere'), 'there is no file'],
    ['/dev/zero', 'is no regular file'],
  ]
  for (const [path, why] of cases) {
    const { code, stderr } = await cli.run('artifact', 'put', path)
    expect([code, stderr]).toEqual([2, expect.stringContaining(why)])
  }
  expect(await uploads()).toEqual([])
})

it('an upload whose connection breaks is sent again', async () => {
  const { line, through } = await lineTo()
  const putting = cli.run('artifact', 'put', big, '--json', ...through)
  await until(() => drafts().length > 0, 30_000, 'the upload to begin')
  const cut = line.cut()
  const { digest } = lastJson<{ digest: string }>(await putting)
  await line.stop()
  expect(cut).toBeGreaterThan(0)
  expect(await uploads()).toEqual([digest])
  expect(drafts()).toEqual([])
})

it('a server that is killed half-way keeps no half, and removes what it left and what is over', async () => {
  const over = join(kept, 'default', 'uploads', sha256('over'))
  expect((await cli.run('artifact', 'put', file('over', 'over'))).code).toBe(0)
  const before = await uploads()
  const other = file('other', 'other')
  truncateSync(other, SIZE)
  const putting = cli.run('artifact', 'put', other)
  await until(() => drafts().length > 0, 30_000, 'the upload to begin')
  process.kill(serverPid(dataDir) ?? 0, 'SIGKILL')
  const { code, stderr } = await putting
  expect([code, stderr]).toEqual([
    3,
    expect.stringMatching(/no answer.*, after .* of 64\.0 MiB\n {2}Nothing of it was kept/),
  ])
  await restart(() => {
    const [draft = ''] = drafts()
    const longAgo = new Date(Date.now() - 8 * 86_400_000)
    for (const path of [over, join(kept, '.drafts', draft)]) utimesSync(path, longAgo, longAgo)
  })
  await until(() => drafts().length === 0, 10_000, 'what was left to go')
  await until(
    () => !readdirSync(join(kept, 'default', 'uploads')).includes(sha256('over')),
    10_000,
    'what is over to go',
  )
  expect(await uploads()).toEqual(before.filter((digest) => digest !== sha256('over')))
})
