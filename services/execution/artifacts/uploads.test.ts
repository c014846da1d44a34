import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterAll, expect, it } from 'vitest'
import { createDiskStore } from './disk.ts'
import type { ArtifactStore } from './port.ts'
import { createUploads } from './uploads.ts'

const root = mkdtempSync(join(tmpdir(), 'azora-uploads-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const DAY_MS = 86_400_000
const runId = '018f0000-0000-7000-8000-000000000000'
const sha256 = (content: string): string => createHash('sha256').update(content).digest('hex')

it('a tenant has so many uploads for seven days; what a run took is its own', async () => {
  let now = Date.now()
  const store = createDiskStore(root)
  const uploads = createUploads(store, { now: () => now }, { count: 2, bytes: 10, swept: 9 })
  const put = (content: string, tenant = 'a') =>
    uploads.put({ tenant, digest: sha256(content) }, Readable.from([Buffer.from(content)]), content.length)
  const take = async (content: string, tenant = 'a') => {
    const found = await uploads.take({ tenant, runId, digest: sha256(content) })
    return found && text(found.content)
  }
  await put('one')
  await put('two')
  await expect(put('three')).rejects.toMatchObject({ code: 'uploads_full' })
  await put('two')
  await expect(put('0123456789-', 'b')).rejects.toMatchObject({ code: 'uploads_full' })
  await put('three', 'b')
  expect([await take('one'), await take('three'), await take('one', 'b')]).toEqual(['one', undefined, undefined])
  now += 8 * DAY_MS
  await put('four')
  expect([await take('one'), await take('two')]).toEqual(['one', undefined])
  await store.removeRun({ tenant: 'a', runId })
  expect(await take('one')).toBeUndefined()
})

const GOING_ON = new AbortController().signal
const HOUR_MS = 3_600_000

/** Uploads in a store of their own, and what of them is there. */
function place(name: string, change: (store: ArtifactStore) => Partial<ArtifactStore> = () => ({})) {
  const folder = join(root, name)
  const disk = createDiskStore(folder)
  const clock = { at: Date.now(), now: () => clock.at }
  const uploads = createUploads({ ...disk, ...change(disk) }, clock, { count: 9, bytes: 99, swept: 2 })
  return {
    ...{ folder, clock, uploads },
    put: (content: string, tenant = 'a') =>
      uploads.put({ tenant, digest: sha256(content) }, Readable.from([Buffer.from(content)]), content.length),
    held: async (tenant = 'a') => (await disk.list({ tenant, runId: 'uploads' })).map(({ digest }) => digest),
    /** As if it had been handed over so long before. */
    age: (content: string, ms: number) => {
      const at = new Date(Date.now() - ms)
      utimesSync(join(folder, 'a', 'uploads', sha256(content)), at, at)
    },
  }
}

it('uploads that are over go by themselves, so many at one time, and nothing else does', async () => {
  const { uploads, put, held, clock } = place('sweep')
  for (const content of ['one', 'two']) await put(content)
  await put('three', 'b')
  clock.at += 7 * DAY_MS
  expect(await uploads.sweep(GOING_ON)).toEqual({ removed: 0, more: false })
  clock.at += 2 * HOUR_MS
  expect(await uploads.sweep(AbortSignal.abort())).toEqual({ removed: 0, more: true })
  expect(await uploads.sweep(GOING_ON)).toEqual({ removed: 2, more: true })
  expect(await uploads.sweep(GOING_ON)).toEqual({ removed: 1, more: false })
  expect([await held(), await held('b')]).toEqual([[], []])
})

it('those that can be named are listed newest first, read and removed, and are nobody else’s', async () => {
  const { uploads, put, clock, age } = place('listed')
  for (const content of ['old', 'new']) await put(content)
  await put('theirs', 'b')
  age('old', DAY_MS)
  const [first, second, ...more] = await uploads.list('a')
  expect([first?.digest, second?.digest, more]).toEqual([sha256('new'), sha256('old'), []])
  expect(Date.parse(second?.until ?? '') - Date.parse(second?.at ?? '')).toBe(7 * DAY_MS)
  const theirs = { tenant: 'a', digest: sha256('theirs') }
  expect([await uploads.get(theirs), await uploads.remove(theirs)]).toEqual([undefined, false])
  const found = await uploads.get({ tenant: 'a', digest: sha256('old') })
  expect(found && (await text(found.content))).toBe('old')
  expect(await uploads.remove({ tenant: 'a', digest: sha256('old') })).toBe(true)
  expect(await uploads.take({ tenant: 'a', runId, digest: sha256('old') })).toBeUndefined()
  clock.at += 8 * DAY_MS
  expect(await uploads.list('a')).toEqual([])
  expect(await uploads.remove({ tenant: 'a', digest: sha256('new') })).toBe(false)
})

it('a sweep goes on where the one before it was killed', async () => {
  let dies = true
  const { uploads, put, held, clock } = place('killed', (disk) => ({
    async remove(address) {
      await disk.remove(address)
      if (dies) throw new Error('killed')
    },
  }))
  for (const content of ['one', 'two']) await put(content)
  clock.at += 8 * DAY_MS
  await expect(uploads.sweep(GOING_ON)).rejects.toThrow('killed')
  expect(await held()).toHaveLength(1)
  dies = false
  expect(await uploads.sweep(GOING_ON)).toEqual({ removed: 1, more: false })
  expect(await held()).toEqual([])
})

it.each([
  ['before the sweep looks', 'list' as const],
  ['while the sweep removes it', 'remove' as const],
])('what is uploaded again %s stays', async (_when, at) => {
  const uploading: Array<Promise<void>> = []
  const again = (): void => {
    if (sweeping) uploading.push(put('one'))
  }
  let sweeping = false
  const { uploads, put, held, age } = place(`again-${at}`, (disk) => ({
    async list(run) {
      const listed = await disk.list(run)
      if (at !== 'list' || !sweeping) return listed
      sweeping = false
      await put('one')
      return listed
    },
    async remove(address) {
      if (at === 'remove') again()
      // The upload could be whole by the time that the old one is removed.
      await new Promise((resolve) => setTimeout(resolve, 100))
      await disk.remove(address)
    },
  }))
  await put('one')
  age('one', 8 * DAY_MS)
  sweeping = true
  await uploads.sweep(GOING_ON)
  await Promise.all(uploading)
  expect(await held()).toEqual([sha256('one')])
})

it('what a killed upload left goes an hour later, and no sooner', async () => {
  const { folder, uploads, put, clock } = place('drafts')
  await put('one')
  const draft = join(folder, '.drafts', 'half')
  writeFileSync(draft, 'o')
  expect(await uploads.sweep(GOING_ON)).toEqual({ removed: 0, more: false })
  clock.at += HOUR_MS + 1_000
  expect(await uploads.sweep(GOING_ON)).toEqual({ removed: 1, more: false })
})
