import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ReplayedRun } from '@azora/contracts'
import { afterEach, describe, expect, test } from 'vitest'
import { createClient } from './client.ts'
import { AnswerError, ApiError } from './errors.ts'

const RUN = '01920000-0000-7000-8000-000000000001'
const COUNTS = { total: 2, same: 1, diverged: 1, incomplete: 0, failed: 0 }
const RESULT = { ...COUNTS, byAgent: [], runs: [], limited: false, durationMs: 1 }
const DIVERGED: ReplayedRun = { runId: RUN, agent: 'a@1.0.0', state: 'success', outcome: 'diverged' }

let server: Server | undefined
afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

/** A server that answers every request with these events. */
async function streaming(...events: unknown[]) {
  const bodies: string[] = []
  server = createServer(async (request, response) => {
    bodies.push((await request.toArray()).join(''))
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.end(events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(''))
  })
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { client: createClient({ url, token: 't' }), bodies }
}

describe('the replay of many runs', () => {
  test('tells how it goes, then what came of it', async () => {
    const { client, bodies } = await streaming(
      { type: 'progress', done: 1, ...COUNTS },
      { type: 'run', run: DIVERGED },
      { type: 'result', result: RESULT },
    )
    const told: unknown[] = []
    const options = {
      onProgress: ({ done }: { done: number }) => told.push(done),
      onRun: (run: ReplayedRun) => told.push(run),
    }
    expect(await client.replayRecorded({ agentId: 'a', limit: 2 }, options)).toEqual(RESULT)
    expect(told).toEqual([1, DIVERGED])
    expect(JSON.parse(bodies[0] ?? '')).toEqual({ agentId: 'a', limit: 2 })
  })

  test('that fails half-way rejects with what the server said', async () => {
    const { client } = await streaming({ type: 'failed', code: 'database_unreachable', message: 'it is away' })
    const failure = await client.replayRecorded().catch((error) => error)
    expect(failure).toBeInstanceOf(ApiError)
    expect(failure.problem).toMatchObject({ code: 'database_unreachable', detail: 'it is away' })
  })

  test.each([[[]], [[{ type: 'progress' }]], [[{ type: 'progress', done: 1, ...COUNTS }]]])(
    'that ends like %j is no answer',
    async (events) => {
      const { client } = await streaming(...events)
      await expect(client.replayRecorded()).rejects.toBeInstanceOf(AnswerError)
    },
  )
})

test('the replay of one run is asked of that run', async () => {
  let asked = ''
  server = createServer((request, response) => {
    asked = `${request.method} ${request.url}`
    response.writeHead(409, { 'content-type': 'application/problem+json' })
    response.end(JSON.stringify({ type: 'about:blank', title: 'x', status: 409, code: 'agent_code_gone' }))
  })
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  const client = createClient({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })
  await expect(client.replay(RUN)).rejects.toMatchObject({ problem: { code: 'agent_code_gone' } })
  expect(asked).toBe(`POST /api/v1/runs/${RUN}/replay`)
})
