import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { createPost } from './post.ts'

const LIMIT_MS = 300
const MESSAGE = { body: '{}', headers: { 'webhook-id': 'azora/main/1' } }
const NEVER = new AbortController().signal
/** Every name is this machine's. */
const post = createPost({ addressesOf: async () => ['127.0.0.1'] }, LIMIT_MS)

let server: Server | undefined
afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

async function serve(listener: RequestListener): Promise<string> {
  server = createServer(listener)
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  return `http://receiver.test:${(server.address() as AddressInfo).port}/hook`
}

describe('an answer', () => {
  it('is kept by its beginning, without what a database or a terminal does not take', async () => {
    const url = await serve((_request, response) => response.writeHead(500).end(`\0\u001b[31m${'é'.repeat(9_000)}`))
    const { excerpt = '', ...attempt } = await post(url, MESSAGE, NEVER)
    expect(attempt).toMatchObject({ delivered: false, status: 500 })
    expect(excerpt.length).toBe(500)
    expect(excerpt).toMatch(/^\[31mé+$/)
  })

  it('without an end costs no more than its beginning', async () => {
    let sent = 0
    const url = await serve((_request, response) => {
      response.writeHead(200)
      const more = (): void => {
        for (let count = 0; !response.destroyed && count < 100; count += 1) {
          response.write('x'.repeat(1_000))
          sent += 1
        }
        if (!response.destroyed) setImmediate(more)
      }
      more()
    })
    expect(await post(url, MESSAGE, NEVER)).toMatchObject({ delivered: true, status: 200 })
    expect(sent).toBeLessThan(100_000)
  })

  it('that trickles is cut off, and counts by its status', async () => {
    const url = await serve((_request, response) => response.writeHead(202).write('slow'))
    const attempt = await post(url, MESSAGE, NEVER)
    expect(attempt).toMatchObject({ delivered: true, status: 202, excerpt: 'slow…' })
    expect(attempt.durationMs).toBeLessThan(LIMIT_MS * 5)
  })

  it('that does not come is no delivery', async () => {
    const url = await serve(() => {})
    expect(await post(url, MESSAGE, NEVER)).toMatchObject({ delivered: false, error: 'no answer within 0.3 s' })
    const hanging = createPost({ addressesOf: () => new Promise(() => {}) }, LIMIT_MS)
    expect(await hanging(url, MESSAGE, NEVER)).toMatchObject({ delivered: false, error: 'no answer within 0.3 s' })
  })

  it('by redirect is not followed', async () => {
    let asked = 0
    const url = await serve((_request, response) => {
      asked += 1
      response.writeHead(307, { location: 'http://127.0.0.1/elsewhere' }).end()
    })
    expect(await post(url, MESSAGE, NEVER)).toMatchObject({
      delivered: false,
      status: 307,
      error: 'redirects are not followed',
    })
    expect(asked).toBe(1)
  })

  it.each([
    ['7', 7_000],
    ['Fri, 31 Dec 2999 23:59:59 GMT', Number.MAX_SAFE_INTEGER],
    ['soon', undefined],
    ['-1', undefined],
  ])('asks to be left alone with Retry-After: %s', async (text, most) => {
    const url = await serve((_request, response) => response.writeHead(429, { 'retry-after': text }).end())
    const { retryAfterMs } = await post(url, MESSAGE, NEVER)
    if (most === undefined) expect(retryAfterMs).toBeUndefined()
    else expect(retryAfterMs).toBeLessThanOrEqual(most)
  })
})
