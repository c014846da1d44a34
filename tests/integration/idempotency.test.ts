import { randomUUID } from 'node:crypto'
import { AzoraError, clockOf, silentLog } from '@azora/base'
import { isMedia, keepsAnswers, listOperations, type Operation } from '@azora/contracts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type App, createApp } from '../../apps/server/http/app.ts'
import { createAnswers } from '../../apps/server/http/idempotency/answers.ts'
import { keepAnswers } from '../../apps/server/http/idempotency/keep-answers.ts'
import { serve } from '../../apps/server/http/serve.ts'
import { bearer } from '../support/doors.ts'
import { person } from '../support/people.ts'
import { startPlatform, type TestPlatform } from '../support/platform.ts'

let platform: TestPlatform
let owner: Record<string, string>
beforeAll(async () => {
  platform = await startPlatform()
  owner = bearer(platform.dataDir.ownerToken)
})
afterAll(() => platform?.stop())

const post = (path: string, key: string | undefined, body?: unknown, who = owner): Promise<Response> =>
  platform.call('POST', `/api/v1${path}`, { ...who, ...(key !== undefined && { 'idempotency-key': key }) }, body)
const codeOf = async (answer: Response): Promise<unknown> => [
  answer.status,
  ((await answer.json()) as { code?: string }).code,
]
const secret = (name: string) => ({ name, value: 'a secret value', hosts: ['example.org'] })
const kept = async (): Promise<number> => (await platform.database.db.query('select 1 from http.answer')).rowCount

describe('a repeated request', () => {
  it('gets the first answer again, and is done once', async () => {
    const key = randomUUID()
    const first = await post('/secrets', key, secret('ONCE'))
    const { hosts, ...rest } = secret('ONCE')
    const again = await post('/secrets', key, { hosts, ...rest })
    expect([first.status, first.headers.get('idempotency-replayed')]).toEqual([201, null])
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([201, 'true'])
    expect(again.headers.get('content-type')).toBe(first.headers.get('content-type'))
    expect(await again.text()).toBe(await first.text())
    expect(await codeOf(await post('/secrets', undefined, secret('ONCE')))).toEqual([409, 'secret_exists'])
  })

  it('gets the first refusal again, though it would be done now', async () => {
    const key = randomUUID()
    expect(await codeOf(await post('/secrets/LATER/revoke', key))).toEqual([404, 'secret_not_found'])
    await post('/secrets', undefined, secret('LATER'))
    const again = await post('/secrets/LATER/revoke', key)
    expect(again.headers.get('content-type')).toBe('application/problem+json')
    expect(await codeOf(again)).toEqual([404, 'secret_not_found'])
  })

  it('is told that it was done where the answer held a token, which nobody can read again', async () => {
    const key = randomUUID()
    const { id, keys } = person('user:dora')
    const first = await post('/principals', key, { id, roles: ['viewer'], keys })
    const { token } = (await first.json()) as { token: string }
    expect(await codeOf(await post('/principals', key, { id, roles: ['viewer'], keys }))).toEqual([
      409,
      'idempotency_answer_not_kept',
    ])
    const { rows } = await platform.database.db.query('select * from http.answer')
    expect(JSON.stringify(rows)).not.toContain(token)
  })

  it('is another one with another body, address or caller', async () => {
    const key = randomUUID()
    await post('/secrets', key, secret('MINE'))
    expect(await codeOf(await post('/secrets', key, secret('OTHER')))).toEqual([422, 'idempotency_key_reused'])
    expect(await codeOf(await post('/secrets/MINE/revoke', key))).toEqual([422, 'idempotency_key_reused'])
    const { id, keys } = person('user:emil')
    const { token } = (await (await post('/principals', undefined, { id, roles: ['admin'], keys })).json()) as {
      token: string
    }
    expect(await codeOf(await post('/secrets', key, secret('MINE'), bearer(token)))).toEqual([409, 'secret_exists'])
  })

  it.each(['', ' ', 'x'.repeat(201), 'ä'])('with the key "%.9s" is not valid', async (key) => {
    const answer = await post('/secrets', Buffer.from(key).toString('latin1'), secret('BAD_KEY'))
    expect(await codeOf(answer)).toEqual([400, 'invalid_request'])
  })
})

it('requests without a key, and those that are refused at the door, leave nothing behind', async () => {
  const before = await kept()
  await post('/secrets', undefined, secret('NO_KEY'))
  expect((await post('/secrets', randomUUID(), { name: 1 })).status).toBe(400)
  expect((await post('/secrets', randomUUID(), secret('NOBODY'), bearer('nonsense'))).status).toBe(401)
  expect(await kept()).toBe(before)
})

// One operation that ends as its body says, on the same database.
const echo: Operation = {
  method: 'POST',
  path: '/echo',
  summary: 'Ends as it is told',
  permission: 'run.create',
  scope: 'tenant',
  body: z.looseObject({ as: z.string() }),
  responses: { 200: z.json() },
}
let done = 0
let aheadMs = 0
const clock = clockOf(() => Date.now() + aheadMs)
const hanging: Array<() => void> = []
async function another(): Promise<App> {
  const principal = { id: 'user:mia', tenant: 'default', roles: ['owner' as const], keys: [] }
  const app = await createApp({ resolve: async () => ({ principal, via: 'token' }), origin: () => '', log: silentLog })
  keepAnswers(app, await createAnswers({ db: platform.database.connect(), clock, log: silentLog }))
  serve(app, echo, async ({ body }) => {
    done += 1
    const { as } = body as { as: string }
    if (as === 'hang') await new Promise<void>((resolve) => hanging.push(resolve))
    if (as === 'break') throw new Error('broken')
    if (as === 'busy') throw new AzoraError('retry', 'overloaded', 'busy')
    if (as === 'unsure') throw new AzoraError('retry', 'database_unreachable', 'no answer')
    return as === 'large' ? 'x'.repeat(70_000) : done
  })
  return app
}
async function ask(app: App, as: string, key: string): Promise<unknown> {
  const answer = await app.inject({
    method: 'POST',
    url: '/echo',
    headers: { 'idempotency-key': key },
    payload: { as },
  })
  return answer.statusCode === 200 ? answer.json() : answer.json().code
}

describe('what a repetition is told', () => {
  let app: App
  beforeAll(async () => {
    app = await another()
  })

  it('while the first one is under way, and when its server died with it', async () => {
    const key = randomUUID()
    const first = ask(app, 'hang', key)
    await expect.poll(() => hanging.length).toBe(1)
    expect(await ask(app, 'hang', key)).toBe('idempotency_in_progress')
    expect(await ask(app, 'ok', key)).toBe('idempotency_key_reused')
    expect(await ask(await another(), 'hang', key)).toBe('idempotency_outcome_unknown')
    hanging[0]?.()
    const answer = await first
    expect(await ask(app, 'hang', key)).toBe(answer)
  })

  it.each([
    ['busy', 'overloaded', 'overloaded'],
    ['break', 'internal_error', 'idempotency_outcome_unknown'],
    ['unsure', 'database_unreachable', 'idempotency_outcome_unknown'],
    ['large', 'x'.repeat(70_000), 'idempotency_answer_not_kept'],
  ])('after a first one that is %s', async (as, first, again) => {
    const key = randomUUID()
    expect(await ask(app, as, key)).toBe(first)
    expect(await ask(app, as, key)).toBe(again)
  })

  it('when many come at the same time: one is done', async () => {
    const [key, before] = [randomUUID(), done]
    const answers = await Promise.all(Array.from({ length: 10 }, () => ask(app, 'ok', key)))
    expect(done).toBe(before + 1)
    expect(new Set(answers)).toEqual(new Set([done, 'idempotency_in_progress']))
  })

  it('after a day: it is a first request', async () => {
    const key = randomUUID()
    const first = await ask(app, 'ok', key)
    aheadMs = 86_000_000
    expect(await ask(app, 'ok', key)).toBe(first)
    aheadMs = 86_400_001
    expect(await ask(app, 'ok', key)).toBe(done)
    expect(done).not.toBe(first)
  })

  it('beyond ten thousand keys of one caller: to come later', async () => {
    await platform.database.db.query(
      `insert into http.answer (name, tenant, principal, request_mac, began_at)
       select decode(md5(n::text), 'hex'), 'default', 'user:mia', '', now() + interval '1 day'
       from generate_series(1, 10000) n`,
    )
    expect(await ask(app, 'ok', randomUUID())).toBe('idempotency_keys_too_many')
  })
})

/** Members that sound secret and are not: a code that was asked about, a public key, where webhooks go to. */
const HARMLESS = ['devices.decide userCode', 'constitution.activate key', 'sessions.addSigningKey key', 'webhooks url']

it('no answer with something secret in it is kept', () => {
  const suspicious = listOperations().flatMap(({ group, name, operation }) => {
    if (!keepsAnswers(operation) || operation.answersSecret) return []
    const members = Object.values(operation.responses).flatMap((answer) =>
      isMedia(answer) ? [] : Object.keys(z.toJSONSchema(answer, { unrepresentable: 'any' }).properties ?? {}),
    )
    return members
      .filter((member) => /token|password|code|url|uri|^secret$|^key$|csrf/i.test(member))
      .filter((member) => !HARMLESS.some((one) => [`${group}.${name} ${member}`, `${group} ${member}`].includes(one)))
      .map((member) => `${group}.${name} ${member}`)
  })
  expect(suspicious).toEqual([])
})

it('every POST of somebody known keeps answers, but those whose keys the journal has and those that change nothing', () => {
  const others = listOperations().flatMap(({ group, name, operation }) =>
    // Identity providers speak SCIM, which knows no keys.
    operation.method === 'POST' &&
    operation.permission !== 'public' &&
    group !== 'provisioning' &&
    !keepsAnswers(operation)
      ? [`${group}.${name}${operation.isSafe ? ' (safe)' : ''}`]
      : [],
  )
  expect(others).toEqual([
    'orchestrator.manage',
    'orchestrator.execute',
    'orchestrator.plan',
    'orchestrator.verify (safe)',
    'runs.replay (safe)',
    'runs.signal',
    'replays.start (safe)',
    'schedules.trigger',
    'constitution.backtest (safe)',
    'erasures.preview (safe)',
  ])
})
