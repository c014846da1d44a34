import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { createClient } from './client.ts'
import { AnswerError, ApiError, UnreachableError } from './errors.ts'

const RUN = '01920000-0000-7000-8000-000000000001'
type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void

let server: Server | undefined
afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

/** Serves each request with the next handler; the last one goes on. */
async function serve(...handlers: Handler[]): Promise<{ url: string; seen: IncomingMessage[]; bodies: string[] }> {
  const seen: IncomingMessage[] = []
  const bodies: string[] = []
  server = createServer(async (request, response) => {
    const handler = handlers[Math.min(seen.length, handlers.length - 1)]
    seen.push(request)
    let body = ''
    for await (const chunk of request) body += chunk
    bodies.push(body)
    handler?.(request, response, body)
  })
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen, bodies }
}

const json =
  (status: number, value: unknown, headers: Record<string, string> = {}): Handler =>
  (_, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value))
  }
const problem = (status: number, code: string, remedy?: string) => ({
  type: 'about:blank',
  title: code,
  status,
  code,
  remedy,
})

/** Remembers the pauses instead of making them. */
const recordedWait = () => {
  const pauses: number[] = []
  return { pauses, wait: async (ms: number) => void pauses.push(ms) }
}

describe('a file', () => {
  const file = new Blob(['0123456789'])

  test('is sent with its size, also where the caller is told how much of it went, and again from its beginning', async () => {
    const { url, seen, bodies } = await serve(
      json(503, problem(503, 'overloaded')),
      (_, response) => void response.writeHead(204).end(),
    )
    const sent: number[] = []
    const client = createClient({ url, wait: async () => {} })
    await client.putArtifact('a'.repeat(64), file, { onSent: (bytes) => sent.push(bytes) })
    await client.putArtifact('a'.repeat(64), file)
    expect(seen.map(({ headers }) => headers['content-length'])).toEqual(['10', '10', '10'])
    expect(bodies).toEqual(['0123456789', '0123456789', '0123456789'])
    expect(sent).toEqual([10, 10])
  })
})

describe('requests', () => {
  test('carry the token and the body, and parse the answer', async () => {
    const { url, seen, bodies } = await serve(json(201, { runId: RUN, state: 'scheduled' }))
    const client = createClient({ url: `${url}/`, token: 'secret' })
    const accepted = await client.manage({ operation: 'create', agentId: 'repo-steward' }, { idempotencyKey: 'k1' })
    expect(accepted).toEqual({ runId: RUN, state: 'scheduled' })
    expect(seen[0]?.url).toBe('/api/v1/orchestrator/manage')
    expect(seen[0]?.headers).toMatchObject({ authorization: 'Bearer secret', 'idempotency-key': 'k1' })
    expect(JSON.parse(bodies[0] ?? '')).toEqual({ operation: 'create', agentId: 'repo-steward' })
  })

  test('put only the given parts into the query', async () => {
    const { url, seen } = await serve(json(200, { items: [] }))
    await createClient({ url }).runs({ state: 'success', limit: 5 })
    expect(seen[0]?.url).toBe('/api/v1/runs?state=success&limit=5')
  })

  test('reject with the problem of the server', async () => {
    const { url } = await serve(json(404, problem(404, 'run_not_found', 'List runs with azora run list.')))
    const error = await createClient({ url })
      .run(RUN)
      .catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(ApiError)
    expect((error as ApiError).problem).toMatchObject({
      code: 'run_not_found',
      remedy: 'List runs with azora run list.',
    })
  })

  test('make a problem from an error that is not JSON', async () => {
    const { url } = await serve((_, response) => response.writeHead(418, 'Teapot').end('<html>'))
    const error = await createClient({ url })
      .status()
      .catch((thrown: unknown) => thrown)
    expect((error as ApiError).problem).toMatchObject({ status: 418, code: 'http_error', title: 'Teapot' })
  })

  test('reject an answer of another shape', async () => {
    const { url } = await serve(json(200, { runId: 'nonsense', state: 'scheduled' }))
    await expect(createClient({ url }).execute({ skillId: 'repo.scan' })).rejects.toThrow(AnswerError)
  })
})

describe('retries', () => {
  const busy = json(503, problem(503, 'starting'), { 'retry-after': '2' })

  test('a GET waits as long as the server asks', async () => {
    const { url } = await serve(busy, busy, json(200, { items: [] }))
    const { pauses, wait } = recordedWait()
    expect(await createClient({ url, wait }).skills()).toEqual([])
    expect(pauses).toEqual([2000, 2000])
  })

  test('a GET gives up after its attempts', async () => {
    const { url, seen } = await serve(busy)
    await expect(createClient({ url, ...recordedWait(), attempts: 3 }).skills()).rejects.toThrow(ApiError)
    expect(seen).toHaveLength(3)
  })

  test('a refused connection is tried again with growing pauses', async () => {
    const { url } = await serve(busy)
    server?.close()
    const { pauses, wait } = recordedWait()
    await expect(createClient({ url, wait, attempts: 4 }).status()).rejects.toThrow(UnreachableError)
    expect(pauses).toHaveLength(3)
    expect(pauses[2]).toBeGreaterThan(pauses[0] ?? Infinity)
  })

  test('a POST is sent once, unless a key makes it safe', async () => {
    const { url, seen } = await serve(busy)
    const client = createClient({ url, ...recordedWait(), attempts: 3 })
    await expect(client.manage({ operation: 'cancel', runId: RUN })).rejects.toThrow(ApiError)
    expect(seen).toHaveLength(1)
    await expect(client.execute({ skillId: 'repo.scan' }, { idempotencyKey: 'k' })).rejects.toThrow(ApiError)
    expect(seen).toHaveLength(4)
  })

  test('a command whose answer the server keeps has a key by itself, also until its first try has ended', async () => {
    const underWay = json(409, problem(409, 'idempotency_in_progress'))
    const { url, seen } = await serve((request) => request.socket.destroy(), underWay, json(200, { ended: 2 }))
    await createClient({ url, ...recordedWait() }).endSessions()
    const keys = seen.map(({ headers }) => headers['idempotency-key'])
    expect(keys).toHaveLength(3)
    expect([...new Set(keys)]).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/)])
  })
})

describe('events', () => {
  const entry = (index: number, kind: string, to?: string) => ({
    header: {
      shard: 'main',
      index,
      kind,
      tenant: 'default',
      actor: 'user:owner',
      at: '2026-01-01T00:00:00.000Z',
      run: RUN,
      ...(to === undefined ? {} : { transition: { to } }),
      payloadDigest: 'a'.repeat(64),
    },
    payload: {},
    salt: 'b'.repeat(32),
  })
  const frame = (index: number, kind: string, to?: string): string =>
    `id: ${index}\nevent: ${kind}\ndata: ${JSON.stringify(entry(index, kind, to))}\n\n`
  const stream =
    (...frames: string[]): Handler =>
    (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end(frames.join(''))
    }
  const torn =
    (text: string): Handler =>
    (_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(text, () => response.destroy())
    }
  const indexes = async (url: string, options = {}): Promise<number[]> => {
    const seen: number[] = []
    const client = createClient({ url, ...recordedWait(), attempts: 1 })
    for await (const { header } of client.events(RUN, options)) seen.push(header.index)
    return seen
  }

  test('go on after the last entry when the connection breaks, each entry once', async () => {
    const { url, seen } = await serve(
      torn(`${frame(0, 'run.scheduled', 'scheduled')}${frame(3, 'run.started', 'running')}id: 5\nda`),
      json(503, problem(503, 'starting')),
      stream(frame(3, 'run.started', 'running'), frame(5, 'run.failed', 'fail')),
    )
    const drops: unknown[] = []
    expect(await indexes(url, { onDrop: (error: unknown) => drops.push(error) })).toEqual([0, 3, 5])
    expect(seen.map((request) => request.headers['last-event-id'])).toEqual([undefined, '3', '3'])
    expect(drops).toHaveLength(2)
  })

  test('end with the run although the stream stays open', async () => {
    const { url } = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(frame(7, 'run.cancelled', 'cancelled'))
    })
    expect(await indexes(url)).toEqual([7])
  })

  test('end at once after the last entry of an ended run', async () => {
    const detail = {
      id: RUN,
      agentId: 'repo-steward',
      agentVersion: '1.0.0',
      tenant: 'default',
      owner: 'user:owner',
      input: {},
      scope: { read: [], write: [], hosts: [] },
      priority: 5,
      budget: { actions: 1, turns: 1 },
      createdAt: '2026-01-01T00:00:00.000Z',
      state: 'success',
      actions: [],
    }
    const { url } = await serve(stream(), json(200, detail))
    expect(await indexes(url, { after: 9 })).toEqual([])
  })

  test('reject when the run is unknown, without another try', async () => {
    const { url, seen } = await serve(json(404, problem(404, 'run_not_found')))
    await expect(indexes(url)).rejects.toThrow(ApiError)
    expect(seen).toHaveLength(1)
  })

  test('reject after too many failures in a row', async () => {
    const { url, seen } = await serve(json(503, problem(503, 'starting')))
    await expect(indexes(url, { attempts: 3 })).rejects.toThrow(ApiError)
    expect(seen).toHaveLength(3)
  })

  test('end quietly when the caller stops', async () => {
    const { url } = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(frame(0, 'run.scheduled', 'scheduled'))
    })
    const stop = new AbortController()
    const seen: number[] = []
    for await (const { header } of createClient({ url }).events(RUN, { signal: stop.signal })) {
      seen.push(header.index)
      stop.abort()
    }
    expect(seen).toEqual([0])
  })
})
