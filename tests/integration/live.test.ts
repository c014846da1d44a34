import { once } from 'node:events'
import type { EntryRecord, KeyIssued } from '@azora/contracts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { bearer } from '../support/doors.ts'
import { person } from '../support/people.ts'
import { startPlatform, type TestPlatform } from '../support/platform.ts'

const MISSING = '018f0000-0000-7000-8000-000000000000'
let platform: TestPlatform
let owner: Record<string, string>

beforeAll(async () => {
  platform = await startPlatform()
  owner = bearer(platform.dataDir.ownerToken)
})
afterAll(() => platform?.stop())

/** A run in which nothing happens but what is asked for. */
async function waitingRun(): Promise<string> {
  const answer = await platform.call('POST', '/api/v1/orchestrator/execute', owner, {
    skillId: 'text.measure',
    input: { text: '' },
    startAt: '2090-01-01T00:00:00.000Z',
  })
  expect(answer.status).toBe(202)
  return ((await answer.json()) as { runId: string }).runId
}

const cancel = (runId: string) =>
  platform.call('POST', '/api/v1/orchestrator/manage', owner, { operation: 'cancel', runId })

interface Heard {
  socket: WebSocket
  entries: EntryRecord[]
  /** The code and the reason of the end. */
  closed: Promise<[number, string]>
}

function listen(path: string, headers: Record<string, string>): Heard {
  const socket = new WebSocket(`${platform.url.replace('http', 'ws')}/api/v1/runs/${path}`, { headers })
  const entries: EntryRecord[] = []
  socket.on('message', (data) => entries.push(JSON.parse(String(data))))
  const closed = once(socket, 'close').then(([code, reason]): [number, string] => [code, String(reason)])
  return { socket, entries, closed }
}

/** The status with which an upgrade is refused. */
async function refusal(path: string, headers: Record<string, string>): Promise<number> {
  const { socket, closed } = listen(path, headers)
  void closed.catch(() => {})
  const [, response] = await once(socket, 'unexpected-response')
  return response.statusCode
}

describe('a run over a WebSocket', () => {
  it('is told from its first entry on, resumes after the last one that was seen, and ends with the run', async () => {
    const runId = await waitingRun()
    const first = listen(`${runId}/events`, owner)
    await expect.poll(() => first.entries.length).toBeGreaterThan(0)
    first.socket.close()
    await first.closed
    const seen = first.entries.at(-1)?.header.index

    const second = listen(`${runId}/events?afterIndex=${seen}`, owner)
    await once(second.socket, 'open')
    await cancel(runId)
    expect(await second.closed).toEqual([1000, 'the run has ended'])
    const { items } = await platform
      .call('GET', `/api/v1/runs/${runId}/entries`, owner)
      .then((answer) => answer.json() as Promise<{ items: EntryRecord[] }>)
    expect([...first.entries, ...second.entries]).toEqual(items)
    expect(await listen(`${runId}/events?afterIndex=${items.at(-1)?.header.index}`, owner).closed).toEqual([
      1000,
      'the run has ended',
    ])
  })

  it('is for those who may read it, and for no page of another site', async () => {
    const runId = await waitingRun()
    expect(await refusal(`${runId}/events`, {})).toBe(401)
    expect(await refusal(`${runId}/events`, { cookie: 'azora=x', origin: 'https://evil.example' })).toBe(403)
    expect(await refusal(`${runId}/events?afterIndex=x`, owner)).toBe(400)
    expect(await listen(`${MISSING}/events`, owner).closed).toEqual([1008, 'run_not_found'])
  })

  it('takes nothing, and ends with the access of its reader', async () => {
    const runId = await waitingRun()
    const talkative = listen(`${runId}/events`, owner)
    await once(talkative.socket, 'open')
    talkative.socket.send('hello')
    expect(await talkative.closed).toEqual([1003, 'nothing is read here'])

    const { id, keys } = person('user:reader')
    const added = await platform.call('POST', '/api/v1/principals', owner, { id, roles: ['viewer'], keys })
    const { token } = (await added.json()) as { token: string }
    const reader = listen(`${runId}/events`, bearer(token))
    await expect.poll(() => reader.entries.length).toBeGreaterThan(0)
    expect((await platform.call('DELETE', `/api/v1/principals/${id}`, owner)).status).toBe(204)
    expect(await reader.closed).toEqual([1008, 'access has ended'])
  })

  it('ends when the key that opened it expires', async () => {
    const runId = await waitingRun()
    const made = await platform.call('POST', '/api/v1/keys', owner, { name: 'brief', scopes: ['run.read'] })
    const { keyId, key } = (await made.json()) as KeyIssued
    await platform.database.db.query(
      "update identity.api_key set expires_at = now() + interval '2 seconds' where key_id = $1",
      [keyId],
    )
    const reader = listen(`${runId}/events`, bearer(key))
    expect(await reader.closed).toEqual([1008, 'access has ended'])
    expect(reader.entries.length).toBeGreaterThan(0)
  })
})
