import { createHash, randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createOutput, openSpool } from './output.ts'

let dataDir: string
let folder: string
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'azora-output-'))
  folder = openSpool(dataDir)
})
afterEach(() => rm(dataDir, { recursive: true, force: true }))

it('keeps each stream byte for byte, under its digest, until it is discarded', async () => {
  const output = createOutput(folder, () => {})
  const chunks = Array.from({ length: 20 }, () => randomBytes(10_000))
  for (const chunk of chunks) output.add('stdout', chunk)
  output.add('stderr', Buffer.from('oh'))
  const [stdout, stderr] = await output.finish()
  const all = Buffer.concat(chunks)
  const digest = createHash('sha256').update(all).digest('hex')
  expect(stdout?.artifact).toEqual({ name: 'stdout', digest, bytes: all.length })
  expect((await readFile(stdout?.file ?? '')).equals(all)).toBe(true)
  expect(stderr?.artifact).toMatchObject({ name: 'stderr', bytes: 2 })
  await output.discard()
  expect(await readdir(folder)).toEqual([])
})

it('is nothing when nothing is printed', async () => {
  const output = createOutput(folder, () => expect.unreachable())
  expect(await output.finish()).toEqual([])
  await output.discard()
})

it('shows what is printed while it is, without breaking characters', async () => {
  const shown: Array<[string, string]> = []
  const output = createOutput(folder, (stream, text) => shown.push([stream, text]))
  const euro = Buffer.from('a€b')
  output.add('stdout', euro.subarray(0, 2))
  await vi.waitFor(() => expect(shown).toEqual([['stdout', 'a']]))
  output.add('stdout', euro.subarray(2))
  output.add('stderr', Buffer.from('x'))
  await output.finish()
  expect(shown.slice(1)).toEqual([
    ['stdout', '€b'],
    ['stderr', 'x'],
  ])
  await wait(150)
  expect(shown.length).toBe(3)
  await output.discard()
})

it('shows the end of what comes too fast, and keeps all of it', async () => {
  let shown = ''
  const output = createOutput(folder, (_stream, text) => {
    shown += text
  })
  output.add('stdout', Buffer.from(`${'x'.repeat(100_000)}end`))
  const [stdout] = await output.finish()
  expect([shown.length, shown.endsWith('xend'), stdout?.artifact.bytes]).toEqual([32_768, true, 100_003])
  await output.discard()
})

it('begins with an empty folder: what an earlier life was printing is nobody’s', async () => {
  await writeFile(join(folder, 'left'), 'secret')
  openSpool(dataDir)
  expect(existsSync(join(folder, 'left'))).toBe(false)
})
