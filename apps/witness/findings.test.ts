import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLog } from '@azora/base'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type FindingStore, isOpen, openFindings, readFindings } from './findings.ts'

let folder: string
let store: FindingStore
const open = async (): Promise<void> => {
  store = await openFindings(folder, { now: () => 1_700_000_000_000, log: silentLog })
}
const found = (kind: 'contradiction' | 'unproved', origin = 'a/log') => ({
  kind,
  origin,
  why: 'why',
  seen: 'seen\n',
  shown: 'shown\n',
  proof: [],
})

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'azora-findings-'))
  await open()
})
afterEach(() => rm(folder, { recursive: true }))

describe('findings', () => {
  it('are kept once, and over a restart', async () => {
    for (let time = 0; time < 3; time += 1) await store.keep('one', found('contradiction'))
    await open()
    await store.keep('one', found('contradiction'))
    expect(await readFindings(folder)).toMatchObject([{ kind: 'contradiction', at: '2023-11-14T22:13:20.000Z' }])
  })

  it('that anybody can bring about are few, and take no room from contradictions', async () => {
    for (let at = 0; at < 150; at += 1) {
      await store.keep(`unproved-${at}`, found('unproved'))
      await store.keep(`unproved-again-${at}`, found('unproved'))
      await store.settle('a/log')
    }
    expect(await readdir(folder)).toHaveLength(100)
    await store.keep('real', found('contradiction'))
    expect((await readFindings(folder)).filter(isOpen)).toMatchObject([{ kind: 'contradiction' }])
  })

  it('are settled for the log that proved itself, and never when it contradicted itself', async () => {
    await store.keep('a', found('unproved'))
    await store.keep('b', found('unproved', 'b/log'))
    await store.keep('c', found('contradiction'))
    await store.settle('a/log')
    const open = (await readFindings(folder)).filter(isOpen)
    expect(open.map(({ kind, origin }) => [kind, origin])).toEqual([
      ['unproved', 'b/log'],
      ['contradiction', 'a/log'],
    ])
  })

  it('are not read from files that hold something else', async () => {
    await writeFile(join(folder, 'x.json'), '{"type":"azora.witness-finding.v1"}')
    await writeFile(join(folder, 'y.json'), 'nonsense')
    expect(await readFindings(folder)).toEqual([])
  })
})
