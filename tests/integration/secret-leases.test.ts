import { randomBytes, randomUUID } from 'node:crypto'
import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import tls from 'node:tls'
import { createLocalKeyWrap, silentLog, systemClock, timestamp, uuidv7 } from '@azora/base'
import {
  type Action,
  type EntryKind,
  NewSecret,
  type Outcome,
  type SecretUse,
  type SkillManifest,
} from '@azora/contracts'
import { createDispatcher, createIsolation, createLeasing, type Dispatcher, describeCatalog } from '@azora/execution'
import type { Journal } from '@azora/journal'
import { digestOf, parseVerifier } from '@azora/proof'
import { createSecrets, type Secrets } from '@azora/secrets'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { WebSocketServer } from 'ws'
import { recordRefusalIn } from '../../apps/server/record-refusal.ts'
import { ROOT, until } from '../support/cli.ts'
import { openPostgres, type TestDatabase, type TestPostgres } from '../support/database.ts'
import { openJournal } from '../support/journal.ts'
import { startNode } from '../support/node-in-process.ts'
import { nextAudience, performOn } from '../support/slot.ts'
import { tempDir } from '../support/temp-dir.ts'
import { startTlsServer, type TlsServer } from '../support/tls-server.ts'

// A real node and sandbox, a real journal and database, and a real HTTPS server; the law alone is played by the test.
/** @param agent how it verifies hosts: only a brokered connection ends at somebody whom the sandbox trusts */
const SKILL = (id: string, slot: string, agent = '{}') => `
import { defineSkill } from '@azora/sdk'
import { EnvHttpProxyAgent, request } from 'undici'
import { z } from 'zod'

const get = async (url: string, secret: { place: { name?: string; value?: string } } | undefined, dispatcher: EnvHttpProxyAgent) => {
  const { name = 'x-none', value = '' } = secret?.place ?? {}
  const answer = await request(url, { dispatcher, headers: { [name]: value } })
  return { status: answer.statusCode, why: answer.headers['x-azora-egress'] ?? null, body: await answer.body.text() }
}

export default defineSkill({
  skillId: '${id}',
  version: '1.0.0',
  title: 'Uses a secret',
  description: 'Gets URLs one after the other and tells all that it sees.',
  input: z.object({ urls: z.array(z.string()), secret: z.string() }),
  output: z.json(),
  effects: ['read'],
  idempotent: true,
  workspace: 'write',
  resources: { urls: ['/urls/0'] },
  secrets: { token: { name: '/secret', ${slot} } },
  async run({ urls }, { secrets }) {
    const dispatcher = new EnvHttpProxyAgent(${agent})
    const answers = []
    for (const url of urls) answers.push(await get(url, secrets?.token, dispatcher))
    console.log('logged', process.env.API_TOKEN, JSON.stringify(answers))
    return { answers, secrets, environment: process.env.API_TOKEN ?? null }
  },
})
`
const VALUE = 'planted+secret/of=the:test'
const ORIGINAL = tls.getCACertificates('default')
const folder = tempDir('leases')
let postgres: TestPostgres
let database: TestDatabase
let journal: Journal
let secrets: Secrets
let dispatcher: Dispatcher
let server: Server
let host: TlsServer
let stopNode: () => Promise<void>
let skills: SkillManifest[]
/** Answers of the host that wait for the test. */
const waiting: Array<() => void> = []

beforeAll(async () => {
  host = await startTlsServer(async (request, response) => {
    await text(request)
    if (request.url === '/wait') await new Promise<void>((resolve) => waiting.push(resolve))
    response.end(`you sent ${request.headers.authorization}`)
  })
  tls.setDefaultCACertificates([...ORIGINAL, host.authority])
  postgres = await openPostgres()
  database = await postgres.createDatabase()
  journal = await openJournal(database.db)
  const keyWrap = createLocalKeyWrap(randomBytes(32))
  secrets = await createSecrets({ db: database.db, journal, keyWrap, clock: systemClock, log: silentLog })
  const keysAt = () => [parseVerifier(journal.status().key)].filter((key) => key !== undefined)
  const leasing = createLeasing({ lender: secrets, journal: { keysAt }, clock: systemClock, log: silentLog })
  dispatcher = createDispatcher({ log: silentLog, recordRefusal: recordRefusalIn(journal), leasing })
  server = createServer()
  new WebSocketServer({ server }).on('connection', (socket) => dispatcher.attach(socket, 'node:test'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const projectRoot = join(realpathSync(folder.path), 'project')
  mkdirSync(join(projectRoot, 'catalog/skills'), { recursive: true })
  mkdirSync(join(projectRoot, '.git'))
  mkdirSync(join(folder.path, 'data'))
  for (const path of ['node_modules', 'package.json', 'packages', 'services'])
    symlinkSync(join(ROOT, path), join(projectRoot, path))
  writeFileSync(join(projectRoot, 'catalog/skills/brokered.skill.ts'), SKILL('test.brokered', ''))
  const shown = `mode: 'environment', variable: 'API_TOKEN'`
  writeFileSync(
    join(projectRoot, 'catalog/skills/shown.skill.ts'),
    SKILL('test.shown', shown, '{ requestTls: { rejectUnauthorized: false } }'),
  )
  const isolation = await createIsolation({ projectRoot })
  const catalog = await describeCatalog({ isolation, projectRoot })
  expect(catalog.errors).toEqual([])
  skills = catalog.skills
  stopNode = startNode({
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token: 'test',
    journalKey: journal.status().key,
    dataDir: join(folder.path, 'data'),
    projectRoot,
    isolation,
  })
  await nextAudience(dispatcher)
  await secrets.put(OWNER, NewSecret.parse({ name: 'TOKEN', value: VALUE, hosts: [host.host], environment: true }))
})
afterAll(async () => {
  tls.setDefaultCACertificates(ORIGINAL)
  await stopNode?.()
  await dispatcher?.close()
  server?.close()
  host?.close()
  secrets?.close()
  await journal?.close()
  await database?.close()
  await postgres?.stop()
  folder.remove()
})
afterEach(() => {
  host.seen.length = 0
  for (const go of waiting.splice(0)) go()
})

const OWNER = { id: 'user:owner', tenant: 'default' }

function actionOf(skillId: string, paths: string[], change: Partial<SecretUse> = {}): Action {
  const skill = skills.find((one) => one.skillId === skillId)
  if (!skill) throw new TypeError(`no skill ${skillId}`)
  const { place, hosts, leaseMs } = secrets.termsOf('default', 'TOKEN') ?? {
    place: { in: 'body' },
    hosts: [],
    leaseMs: 1,
  }
  const { mode = 'brokered', variable } = skill.secrets?.token ?? {}
  const use = { slot: 'token', name: 'TOKEN', version: 'current' as const, hosts, place, leaseMs, mode }
  return {
    runId: uuidv7(Date.now()),
    stepId: 'step',
    tenant: 'default',
    principal: 'user:owner',
    owner: 'user:owner',
    skillId,
    skillVersion: skill.version,
    codeDigest: skill.codeDigest,
    input: { urls: paths.map((path) => `https://${host.host}${path}`), secret: 'TOKEN' },
    effects: skill.effects,
    workspace: skill.workspace,
    resources: { read: [], write: [], hosts: [host.host] },
    secrets: [{ ...use, ...(variable !== undefined && { variable }), ...change }],
  }
}

/** Journals the permission, as the orchestrator would, and has it performed. */
async function perform(action: Action, asked: Action = action) {
  const permission = {
    actionDigest: digestOf(action),
    expiresAt: timestamp(Date.now() + 60_000),
    nonce: randomBytes(16).toString('hex'),
    audience: await nextAudience(dispatcher),
  }
  const result = { verdict: 'allow' as const, score: 100, reasons: [], constitution: '0'.repeat(64) }
  const { tenant, runId: run } = action
  const payload = { action, result, permission }
  const committed = await journal.append({ kind: 'action.verified', tenant, actor: 'user:owner', run, payload })
  const receipt = committed.receipt()
  const { entrypoint = '' } = skills.find((one) => one.skillId === action.skillId) ?? {}
  return performOn(dispatcher, { action: asked, entrypoint, idempotencyKey: randomUUID(), ...(receipt && { receipt }) })
}

async function outcomeOf(action: Action): Promise<Outcome> {
  const answer = await perform(action)
  if (answer.kind === 'outcome') return answer.outcome
  throw new TypeError(`it was ${answer.kind}: ${JSON.stringify(answer)}`)
}

interface Seen {
  answers: Array<{ status: number; why: string | null; body: string }>
  secrets: { token: { value: string } }
  environment: string | null
}
const seenBy = ({ output }: Outcome): Seen => output as unknown as Seen

const kindsOf = async (run: string): Promise<EntryKind[]> =>
  (await journal.readRun(run)).map(({ header }) => header.kind)
const payloadsOf = async (run: string, kind: EntryKind) =>
  (await journal.readRun(run)).filter(({ header }) => header.kind === kind).map(({ payload }) => payload)

describe('a brokered secret', () => {
  it('reaches its host and not the sandbox, and every step is on record', async () => {
    const action = actionOf('test.brokered', ['/'])
    const outcome = await outcomeOf(action)
    expect(outcome).toMatchObject({ state: 'succeeded' })
    expect(host.seen[0]?.headers.authorization).toBe(`Bearer ${VALUE}`)
    const { answers, secrets: told, environment } = seenBy(outcome)
    expect(answers).toEqual([{ status: 200, why: null, body: 'you sent Bearer [secret TOKEN]' }])
    expect(told.token.value).toMatch(/^azs_[0-9a-f]{48}$/)
    expect(environment).toBeNull()
    expect(JSON.stringify(outcome)).not.toContain(VALUE)
    expect(outcome.egress).toMatchObject([{ host: 'localhost', port: host.port, verdict: 'allowed', connections: 1 }])
    expect(await kindsOf(action.runId)).toEqual(['action.verified', 'secret.leased', 'secret.used', 'lease.ended'])
    expect(await payloadsOf(action.runId, 'secret.used')).toMatchObject([
      { name: 'TOKEN', uses: [{ host: host.host, requests: 1 }], redactions: 1 },
    ])
    const [use] = await secrets.uses('default', 'TOKEN')
    expect(use).toMatchObject({ run: action.runId, version: 1, end: 'finished', uses: [{ requests: 1 }] })
    expect(secrets.list('default')[0]?.leases).toBe(0)
  })

  it('is lent for a proof that names it, and for no other', async () => {
    const action = actionOf('test.brokered', ['/'])
    const { secrets: _, ...without } = action
    expect(await perform(without as Action, action)).toMatchObject({
      kind: 'refused',
      error: { code: 'proof_mismatch' },
    })
    expect(await perform(action, { ...action, secrets: [] })).toMatchObject({ kind: 'refused' })
    expect(host.seen).toHaveLength(0)
  })

  it.each([
    ['that its owner let go elsewhere since', { hosts: ['elsewhere.test'] }, 'secret_changed'],
    ['that there is not', { name: 'NOBODY' }, 'secret_not_found'],
    ['in a version that there is not', { version: 99 }, 'secret_revoked'],
  ])('%s is not lent, and nothing runs', async (_what, change, code) => {
    const action = actionOf('test.brokered', ['/'], change as Partial<SecretUse>)
    expect(await outcomeOf(action)).toMatchObject({ state: 'failed', error: { code } })
    expect(host.seen).toHaveLength(0)
  })
})

describe('while an action runs', () => {
  const during = async (change: () => Promise<unknown>): Promise<{ outcome: Outcome; runId: string }> => {
    const action = actionOf('test.brokered', ['/wait', '/again'])
    const running = outcomeOf(action)
    await until(() => waiting.length === 1, 20_000, 'the first request')
    expect(secrets.list('default')[0]?.leases).toBe(1)
    await change()
    for (const go of waiting.splice(0)) go()
    return { outcome: await running, runId: action.runId }
  }

  it('a rotation lets the lease of the old version last', async () => {
    const { outcome } = await during(() => secrets.rotate(OWNER, 'TOKEN', { value: 'the-new-value-1', now: false }))
    expect(seenBy(outcome).answers.map(({ status }) => status)).toEqual([200, 200])
    expect(host.seen.map(({ headers }) => headers.authorization)).toEqual([`Bearer ${VALUE}`, `Bearer ${VALUE}`])
    await outcomeOf(actionOf('test.brokered', ['/']))
    expect(host.seen.at(-1)?.headers.authorization).toBe('Bearer the-new-value-1')
  })

  it.each([
    [
      'a rotation that is to hold at once',
      () => secrets.rotate(OWNER, 'TOKEN', { value: 'the-new-value-2', now: true }),
    ],
    ['a revocation', () => secrets.revoke(OWNER, 'TOKEN')],
  ])('%s ends the lease: the next request gets nothing', async (_what, change) => {
    const { outcome, runId } = await during(change)
    expect(seenBy(outcome).answers).toMatchObject([{ status: 200 }, { status: 403, why: 'lease_ended' }])
    expect(host.seen).toHaveLength(1)
    expect(await payloadsOf(runId, 'lease.ended')).toMatchObject([{ reason: 'revoked' }])
    await secrets.rotate(OWNER, 'TOKEN', { value: VALUE, now: true })
  })

  it('a lease that expires gives nothing more, and the action goes on without', async () => {
    await secrets.remove(OWNER, 'TOKEN')
    const brief = { name: 'TOKEN', value: VALUE, hosts: [host.host], environment: true, leaseMs: 8_000 }
    await secrets.put(OWNER, NewSecret.parse(brief))
    const { outcome, runId } = await during(() =>
      until(() => secrets.list('default')[0]?.leases === 0, 20_000, 'the end'),
    )
    expect(seenBy(outcome).answers).toMatchObject([{ status: 200 }, { status: 403, why: 'lease_ended' }])
    expect(await payloadsOf(runId, 'lease.ended')).toMatchObject([{ reason: 'expired' }])
  })
})

describe('a secret in the environment', () => {
  it('is seen by the skill, and hidden in all that leaves the node', async () => {
    await secrets.remove(OWNER, 'TOKEN')
    await secrets.put(OWNER, NewSecret.parse({ name: 'TOKEN', value: VALUE, hosts: [host.host], environment: true }))
    const outcome = await outcomeOf(actionOf('test.shown', ['/']))
    expect(host.seen[0]?.headers.authorization).toBe(`Bearer ${VALUE}`)
    expect(seenBy(outcome).environment).toBe('[secret TOKEN]')
    expect(outcome.log).toContain('logged [secret TOKEN]')
    expect(JSON.stringify(outcome)).not.toContain(VALUE)
  })

  it('ends the action when its lease ends', async () => {
    const action = actionOf('test.shown', ['/wait'])
    const running = outcomeOf(action)
    await until(() => waiting.length === 1, 20_000, 'the first request')
    await secrets.revoke(OWNER, 'TOKEN')
    expect(await running).toMatchObject({ state: 'failed', error: { code: 'lease_ended' } })
  })

  it('is not lent when its owner does not allow it', async () => {
    await secrets.remove(OWNER, 'TOKEN')
    await secrets.put(OWNER, NewSecret.parse({ name: 'TOKEN', value: VALUE, hosts: [host.host] }))
    const outcome = await outcomeOf(actionOf('test.shown', ['/']))
    expect(outcome).toMatchObject({ state: 'failed', error: { code: 'secret_changed' } })
  })
})
