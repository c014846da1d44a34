import { randomUUID } from 'node:crypto'
import { createReadStream, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { KeyIssued, ReviewView, RunAccepted, SessionView, TenantCreated } from '@azora/contracts'
import { openArtifactStore } from '@azora/execution'
import { sha256Hex } from '@azora/proof'
import { vi } from 'vitest'
import { bearer } from './doors.ts'
import { type Person, person } from './people.ts'
import type { TestPlatform } from './platform.ts'

/** What is in a tenant, by name or id: no two tenants share one, but for the id of who administers it. */
export interface Things {
  mark: string
  run: string
  reviewedRun: string
  review: string
  session: string
  secret: string
  schedule: string
  webhook: string
  key: string
  principal: string
  role: string
  email: string
  artifact: string
  userCode: string
  /** Of an entry of the run. */
  index: string
  idempotencyKey: string
}

export interface TestTenant {
  things: Things
  admin: Person
  token: string
  session: string
}

/** The same in every tenant: ids are each tenant's own. */
export const ADMIN = 'user:alice'

const PATIENCE = { timeout: 30_000, interval: 50 }

/** Names and ids that nothing has. */
export const nothing = (): Things => ({
  mark: 'nothing',
  run: randomUUID(),
  reviewedRun: randomUUID(),
  review: randomUUID(),
  session: randomUUID(),
  secret: 'NOTHING_SECRET',
  schedule: 'nothing-schedule',
  webhook: 'nothing-webhook',
  key: randomUUID(),
  principal: 'user:nothing-bob',
  role: 'custom:nothing-role',
  email: 'nothing-bob@example.org',
  artifact: sha256Hex('nothing'),
  userCode: 'BCDF-GHJK',
  index: '9999999',
  idempotencyKey: `nothing-${randomUUID()}`,
})

/** As the server's owner. Answers the tenant's name with who administers it. */
export async function foundTenant(platform: TestPlatform, name: string): Promise<Pick<TestTenant, 'admin' | 'token'>> {
  const admin = { ...person(ADMIN), tenant: name }
  const made = await send<TenantCreated>(platform, platform.dataDir.ownerToken, 'POST', '/api/v1/tenants', {
    name,
    admin: { id: ADMIN, keys: admin.keys },
  })
  return { admin, token: made.admin.token }
}

/** A tenant with one of everything in it, each with a mark that is found nowhere else. */
export async function furnish(platform: TestPlatform, name: string): Promise<TestTenant> {
  const { admin, token } = await foundTenant(platform, name)
  const ask = <T>(method: string, path: string, body?: unknown, headers?: Record<string, string>) =>
    send<T>(platform, token, method, path, body, headers)
  const mark = `${name}-mark`
  const execute = (skillId: string, input: object, key: string, hosts: string[] = []) =>
    ask<RunAccepted>(
      'POST',
      '/api/v1/orchestrator/execute',
      { skillId, input, scope: { read: [], write: [], hosts } },
      { 'idempotency-key': key },
    )
  const webhook = `${mark}-webhook`
  const idempotencyKey = `${mark}-key`
  const { runId: run } = await execute('text.measure', { text: mark }, idempotencyKey)
  const repository = `/srv/${mark}`
  // The law lets people look at what is sent to such a host.
  const { runId: reviewedRun } = await execute('http.get', { url: `https://webhook.site/${mark}` }, randomUUID(), [
    'webhook.site',
  ])
  const secret = `${mark}-secret`
  const kept = { 'idempotency-key': `${mark}-secret` }
  await ask('POST', '/api/v1/secrets', { name: secret, value: `${mark}-value-1`, hosts: ['api.example.org'] }, kept)
  const schedule = `${mark}-schedule`
  await ask('POST', '/api/v1/schedules', {
    name: schedule,
    cron: '0 0 1 1 *',
    agentId: 'repo-steward',
    input: { repository },
  })
  const { keyId: key } = await ask<KeyIssued>('POST', '/api/v1/keys', { name: mark, scopes: ['run.read'] })
  // Nothing is sent: there is no such agent, nor such a host.
  await ask('POST', '/api/v1/webhooks', { name: webhook, url: 'https://hooks.invalid/', agents: ['nobody'] })
  const bob = person(`user:${mark}-bob`)
  await ask('POST', '/api/v1/principals', { id: bob.id, roles: ['reviewer'], keys: bob.keys })
  const role = `custom:${mark}-role`
  await ask('POST', '/api/v1/roles', { name: role, may: ['run.read'], own: true })
  const email = `${mark}-bob@example.org`
  await platform.database.db.query(
    'insert into identity.link (tenant, principal, issuer, email) values ($1, $2, $3, $4)',
    [name, bob.id, 'https://id.example.org', email],
  )
  const file = join(platform.dataDir.path, `${mark}-artifact`)
  writeFileSync(file, `${mark}-artifact`)
  const artifact = sha256Hex(`${mark}-artifact`)
  const store = await openArtifactStore(undefined, join(platform.dataDir.path, 'artifacts'))
  for (const runId of [run, 'uploads'])
    await store.put({ tenant: name, runId, digest: artifact }, createReadStream(file), `${mark}-artifact`.length)
  const { session, userCode } = await signInByDevice(platform, token)
  const { items: sessions } = await ask<{ items: SessionView[] }>('GET', '/api/v1/sessions')
  const review = await vi.waitFor(async () => {
    const [waiting] = (await ask<{ items: ReviewView[] }>('GET', '/api/v1/reviews')).items
    if (!waiting) throw new Error('no review waits yet')
    return waiting.reviewId
  }, PATIENCE)
  const { items: entries } = await ask<{ items: Array<{ header: { index: number } }> }>(
    'GET',
    `/api/v1/runs/${run}/entries`,
  )
  const ids = { run, reviewedRun, review, session: sessions[0]?.sessionId ?? '', artifact, userCode, idempotencyKey }
  const index = String(entries[0]?.header.index)
  return {
    things: { mark, ...ids, key, secret, schedule, webhook, principal: bob.id, role, email, index },
    admin,
    token,
    session,
  }
}

/** Somebody lets a command line act for them; answers its session. */
export async function signInByDevice(
  platform: TestPlatform,
  token: string,
): Promise<{ session: string; userCode: string }> {
  const asked = await send<{ device_code: string; user_code: string }>(
    platform,
    '',
    'POST',
    '/api/v1/device-authorizations',
    {
      device: 'a laptop',
    },
  )
  await send(platform, token, 'POST', `/api/v1/device-authorizations/${asked.user_code}`, { decision: 'approve' })
  const given = await send<{ access_token: string }>(platform, '', 'POST', '/api/v1/device-tokens', {
    device_code: asked.device_code,
  })
  return { session: given.access_token, userCode: asked.user_code }
}

/** A request that has to succeed. */
export async function send<T>(
  platform: TestPlatform,
  token: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<T> {
  const answer = await platform.call(method, path, { ...bearer(token), ...headers }, body)
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${method} ${path} answers ${answer.status}: ${text}`)
  return (text === '' ? undefined : JSON.parse(text)) as T
}
