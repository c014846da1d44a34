import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer, text } from 'node:stream/consumers'
import { ARTIFACT_BYTES_MAX } from '@azora/contracts'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createDiskStore } from './disk.ts'
import { openArtifactStore, s3PlaceOf } from './open.ts'
import type { ArtifactStore } from './port.ts'

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')
const addressOf = (content: Buffer, runId: string = randomUUID()) => ({
  tenant: 'default',
  runId,
  digest: sha256(content),
})

let folder: string
let s3: Awaited<ReturnType<typeof startS3>>
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'azora-artifacts-'))
  s3 = await startS3()
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test')
})
afterAll(async () => {
  vi.unstubAllEnvs()
  s3.server.close()
  await rm(folder, { recursive: true, force: true })
})

/** As much of the S3 protocol as the store speaks: put, get, list and delete, for signed requests only. */
async function startS3() {
  const objects = new Map<string, Buffer>()
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://s3')
    const key = decodeURIComponent(url.pathname)
    const body = await buffer(request)
    const answer = (status: number, text: string | Buffer = ''): void =>
      void response.writeHead(status, { 'content-length': text.length }).end(text)
    if (!request.headers.authorization?.startsWith('AWS4-HMAC-SHA256 ')) return answer(403)
    if (request.method === 'PUT') {
      objects.set(key, decodedBody(body, request.headers['content-encoding']))
      return answer(200)
    }
    if (request.method === 'POST' && url.searchParams.has('delete')) {
      for (const [, name] of body.toString('utf8').matchAll(/<Key>([^<]*)<\/Key>/g))
        objects.delete(`/${key.split('/')[1]}/${name}`)
      return answer(200, '<DeleteResult/>')
    }
    if (url.searchParams.get('list-type') === '2') {
      const bucket = key.replace(/\/$/, '')
      const prefix = `${bucket}/${url.searchParams.get('prefix')}`
      const named = [...objects.keys()].filter((name) => name.startsWith(prefix))
      if (url.searchParams.has('delimiter')) return answer(200, foldersPage(named, prefix, url.searchParams))
      const found = named.slice(0, 2)
      const contents = found.map((name) => `<Contents><Key>${name.slice(bucket.length + 1)}</Key></Contents>`)
      return answer(200, `<ListBucketResult>${contents.join('')}</ListBucketResult>`)
    }
    const object = objects.get(key)
    if (object) return answer(200, object)
    answer(404, '<Error><Code>NoSuchKey</Code></Error>')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { server, objects, endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

/** One folder a page, as what is behind a prefix. */
function foldersPage(names: string[], prefix: string, query: URLSearchParams): string {
  const at = Number(query.get('continuation-token') ?? 0)
  const folders = [...new Set(names.map((name) => name.slice(prefix.length).split('/')[0]))]
  const next = at + 1 < folders.length ? `<NextContinuationToken>${at + 1}</NextContinuationToken>` : ''
  const found = `<CommonPrefixes><Prefix>${query.get('prefix')}${folders[at]}/</Prefix></CommonPrefixes>`
  return `<ListBucketResult>${found}${next}</ListBucketResult>`
}

/** Undoes the chunks in which a client may sign a body (`aws-chunked`). */
function decodedBody(body: Buffer, encoding: string | undefined): Buffer {
  if (!encoding?.includes('aws-chunked')) return body
  const parts: Buffer[] = []
  for (let at = 0; at < body.length; ) {
    const end = body.indexOf('\r\n', at)
    const size = Number.parseInt(body.subarray(at, end).toString('latin1'), 16)
    if (size === 0) break
    parts.push(body.subarray(end + 2, end + 2 + size))
    at = end + 2 + size + 2
  }
  return Buffer.concat(parts)
}

const STORES: Array<[string, () => ArtifactStore | Promise<ArtifactStore>]> = [
  ['on disk', () => createDiskStore(join(folder, 'disk'))],
  [
    'in an S3-compatible store',
    () => openArtifactStore(`s3://bucket/some/prefix?region=eu-central-1&endpoint=${s3.endpoint}`, folder),
  ],
]

describe.each(STORES)('artifacts %s', (_where, open) => {
  it('come back as they were put, also when they were put twice', async () => {
    const store = await open()
    const content = randomBytes(300_000)
    const address = addressOf(content)
    for (let time = 0; time < 2; time += 1) await store.put(address, Readable.from([content]), content.length)
    const found = await store.get(address)
    expect(found?.bytes).toBe(content.length)
    expect((await buffer(found?.content as Readable)).equals(content)).toBe(true)
  })

  it('are of their run alone', async () => {
    const store = await open()
    const content = randomBytes(10)
    const address = addressOf(content)
    await store.put(address, Readable.from([content]), content.length)
    expect(await store.get({ ...address, runId: randomUUID() })).toBeUndefined()
    expect(await store.get({ ...address, tenant: 'other' })).toBeUndefined()
  })

  it('are found by their tenants', async () => {
    const store = await open()
    const content = randomBytes(10)
    for (const tenant of ['default', 'other'])
      await store.put({ ...addressOf(content), tenant }, Readable.from([content]), 10)
    expect((await store.tenants()).sort()).toEqual(['default', 'other'])
  })

  it.each<[string, (content: Buffer) => [Buffer, number]]>([
    ['other content', (content) => [randomBytes(content.length), content.length]],
    ['less than was said', (content) => [content.subarray(1), content.length]],
    ['more than was said', (content) => [Buffer.concat([content, content]), content.length]],
  ])('are refused, and not kept, when there is %s', async (_what, change) => {
    const store = await open()
    const content = randomBytes(1_000)
    const address = addressOf(content)
    const [sent, bytes] = change(content)
    await expect(store.put(address, Readable.from([sent]), bytes)).rejects.toMatchObject({ code: 'artifact_mismatch' })
    expect(await store.get(address)).toBeUndefined()
  })

  it('are refused when they are too large, before anything is read', async () => {
    const store = await open()
    const content = new Readable({ read: () => expect.unreachable() })
    const putting = store.put(addressOf(Buffer.alloc(0)), content, ARTIFACT_BYTES_MAX + 1)
    await expect(putting).rejects.toMatchObject({ code: 'artifact_too_large' })
  })

  it('go with their run', async () => {
    const store = await open()
    const runId = randomUUID()
    const contents = Array.from({ length: 5 }, () => randomBytes(20))
    for (const content of contents) await store.put(addressOf(content, runId), Readable.from([content]), 20)
    const other = randomBytes(20)
    const kept = addressOf(other)
    await store.put(kept, Readable.from([other]), 20)
    await store.removeRun({ tenant: 'default', runId })
    for (const content of contents) expect(await store.get(addressOf(content, runId))).toBeUndefined()
    expect(await text((await store.get(kept))?.content as Readable)).toBe(other.toString())
    await store.removeRun({ tenant: 'default', runId })
  })
})

it('the disk keeps no half of what broke off', async () => {
  const store = createDiskStore(join(folder, 'broken'))
  const content = randomBytes(1_000)
  const address = addressOf(content)
  const breaking = Readable.from(
    (async function* () {
      yield content.subarray(0, 500)
      throw new Error('the connection is lost')
    })(),
  )
  await expect(store.put(address, breaking, content.length)).rejects.toThrow('the connection is lost')
  expect(await readdir(join(folder, 'broken', '.drafts'))).toEqual([])
  expect(existsSync(join(folder, 'broken', 'default', address.runId, address.digest))).toBe(false)
})

it('an S3 store that does not answer is an error to try again after', async () => {
  const store = await openArtifactStore('s3://bucket?region=r&endpoint=http://127.0.0.1:9', folder)
  const content = randomBytes(10)
  const putting = store.put(addressOf(content), Readable.from([content]), 10)
  await expect(putting).rejects.toMatchObject({ advice: 'retry', code: 'artifact_store_unavailable' })
})

describe('s3PlaceOf', () => {
  it('reads the setting', () => {
    expect(s3PlaceOf('s3://bucket?region=eu-central-1')).toEqual({
      bucket: 'bucket',
      prefix: '',
      region: 'eu-central-1',
    })
    expect(s3PlaceOf('s3://bucket/a/b/?region=r&endpoint=https://minio.example')).toEqual({
      bucket: 'bucket',
      prefix: 'a/b/',
      region: 'r',
      endpoint: 'https://minio.example',
    })
  })
  it.each([
    '',
    'bucket',
    's3://bucket',
    's3://?region=r',
    'https://bucket?region=r',
    's3://b?region=r&endpoint=ftp://x',
  ])('refuses %s', (setting) =>
    expect(() => s3PlaceOf(setting)).toThrow(expect.objectContaining({ code: 'artifact_store_malformed' })),
  )
})
