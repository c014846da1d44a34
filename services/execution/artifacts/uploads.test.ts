import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterAll, expect, it } from 'vitest'
import { createDiskStore } from './disk.ts'
import { createUploads } from './uploads.ts'

const root = mkdtempSync(join(tmpdir(), 'azora-uploads-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const DAY_MS = 86_400_000
const runId = '018f0000-0000-7000-8000-000000000000'
const sha256 = (content: string): string => createHash('sha256').update(content).digest('hex')

it('a tenant has so many uploads for seven days; what a run took is its own', async () => {
  let now = Date.now()
  const store = createDiskStore(root)
  const uploads = createUploads(store, { now: () => now }, { count: 2, bytes: 10 })
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
  expect(await store.list({ tenant: 'a', runId: 'uploads' })).toMatchObject([{ digest: sha256('four'), bytes: 4 }])
  expect([await take('one'), await take('two')]).toEqual(['one', undefined])
  await store.removeRun({ tenant: 'a', runId })
  expect(await take('one')).toBeUndefined()
})
