import { randomBytes, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { silentLog, systemClock, timestamp, uuidv7 } from '@azora/base'
import type { Action, KeyChain, Receipt, SkillManifest } from '@azora/contracts'
import { createDispatcher, createIsolation, type Dispatcher, describeCatalog, type Isolation } from '@azora/execution'
import { createJournal, type Journal } from '@azora/journal'
import { digestOf, endorseKey, parseVerifier } from '@azora/proof'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocketServer } from 'ws'
import { openJournalKeys } from '../../apps/server/local/journal-keys.ts'
import { recordRefusalIn } from '../../apps/server/record-refusal.ts'
import { ROOT, until } from '../support/cli.ts'
import { openPostgres, type TestDatabase, type TestPostgres } from '../support/database.ts'
import { newSigner } from '../support/journal.ts'
import { startNode } from '../support/node-in-process.ts'
import { nextAudience, performOn } from '../support/slot.ts'
import { tempDir } from '../support/temp-dir.ts'

// The real journal, dispatcher and node, whose journal changes its key while actions run.
const OVERLAP_MS = 3_000
const folder = tempDir('rotation-node')
let postgres: TestPostgres
let database: TestDatabase
let journal: Journal
let dispatcher: Dispatcher
let plane: WebSocketServer
let isolation: Isolation
let skill: SkillManifest
let configuredKey: string
let stopNode: () => Promise<void>

const urlOf = (server: WebSocketServer): string => `ws://127.0.0.1:${(server.address() as AddressInfo).port}`

/** A node that knows the journal's first key and nothing else. */
function startOld(url = urlOf(plane)): () => Promise<void> {
  const dataDir = join(folder.path, 'node')
  return startNode({ url, token: 'test', journalKey: configuredKey, dataDir, projectRoot: ROOT, isolation })
}

beforeAll(async () => {
  postgres = await openPostgres()
  database = await postgres.createDatabase()
  for (const name of ['keys', 'node']) mkdirSync(join(folder.path, name))
  const { signer, store } = await openJournalKeys(join(folder.path, 'keys'), 'azora/test')
  const { db } = database
  journal = await createJournal({ db, signer, keys: store, clock: systemClock, log: silentLog, onFenced: () => {} })
  configuredKey = journal.status().key
  dispatcher = createDispatcher({
    log: silentLog,
    recordRefusal: recordRefusalIn(journal),
    keyChain: () => journal.keyChain(),
  })
  journal.subscribe((entries) => {
    if (entries.some(({ header }) => header.kind === 'journal.key_rotated')) dispatcher.announceKeys()
  })
  plane = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  plane.on('connection', (socket) => dispatcher.attach(socket, 'node:test'))
  isolation = await createIsolation({ projectRoot: ROOT })
  const { skills } = await describeCatalog({ isolation, projectRoot: ROOT })
  skill = skills.find(({ skillId }) => skillId === 'workspace.write-file') as SkillManifest
  stopNode = startOld()
  await nextAudience(dispatcher)
})
afterAll(async () => {
  await stopNode?.()
  await dispatcher?.close()
  plane?.close()
  await journal?.close()
  await database?.close()
  await postgres?.stop()
  folder.remove()
})

async function permitted(): Promise<{ action: Action; receipt: Receipt }> {
  const action: Action = {
    runId: uuidv7(Date.now()),
    stepId: 'write',
    tenant: 'default',
    principal: 'user:owner',
    owner: 'user:owner',
    skillId: skill.skillId,
    skillVersion: skill.version,
    codeDigest: skill.codeDigest,
    input: { path: 'note.txt', content: 'text' },
    effects: skill.effects,
    workspace: skill.workspace,
    resources: { read: [], write: [], hosts: [] },
  }
  const permission = {
    actionDigest: digestOf(action),
    expiresAt: timestamp(Date.now() + 60_000),
    nonce: randomBytes(16).toString('hex'),
    audience: await nextAudience(dispatcher),
  }
  const result = { verdict: 'allow' as const, score: 100, reasons: [], constitution: '0'.repeat(64) }
  const payload = { action, result, permission }
  const committed = await journal.append({
    kind: 'action.verified',
    tenant: 'default',
    actor: 'user:owner',
    run: action.runId,
    payload,
  })
  return { action, receipt: committed.receipt() as Receipt }
}

/** How an action ends: the state of its outcome, or the code of the node's refusal. */
async function perform({ action, receipt }: Awaited<ReturnType<typeof permitted>>): Promise<string> {
  const { entrypoint } = skill
  const request = { action, receipt, entrypoint, idempotencyKey: randomUUID() }
  const answer = await performOn(dispatcher, request)
  if (answer.kind === 'outcome') return answer.outcome.state
  return answer.kind === 'refused' ? answer.error.code : answer.kind
}

describe('a node whose journal changes its key', () => {
  it('goes on without a pause, and takes what was permitted before until the overlap has ended', async () => {
    const before = [await permitted(), await permitted()] as const
    const states: string[] = []
    let stop = false
    const busy = [1, 2, 3].map(async () => {
      while (!stop) states.push(await perform(await permitted()))
    })
    await until(() => states.length >= 3, 20_000, 'actions to run')
    const [, active] = await journal.rotateKey({ tenant: 'default', actor: 'user:owner', overlapMs: OVERLAP_MS })
    const endsMs = Date.now() + OVERLAP_MS
    expect(active?.key).toBe(journal.status().key)
    expect(await perform(before[0])).toBe('succeeded')
    const count = states.length
    await until(() => states.length >= count + 3, 20_000, 'actions to run under the new key')
    await until(() => Date.now() > endsMs + 200, OVERLAP_MS * 2, 'the overlap to end')
    const later = states.length
    await until(() => states.length >= later + 3, 20_000, 'actions to run after the overlap')
    stop = true
    await Promise.all(busy)
    expect(new Set(states)).toEqual(new Set(['succeeded']))
    expect(await perform(before[1])).toBe('proof_invalid')
  })

  it('follows when it connects after the overlap, though it was given the old key', async () => {
    await stopNode()
    await until(() => dispatcher.nodes().length === 0, 5_000, 'the node to go')
    stopNode = startOld()
    await nextAudience(dispatcher)
    expect(await perform(await permitted())).toBe('succeeded')
  })

  it.each<[string, () => KeyChain]>([
    ['that a stranger made up', () => [link(newSigner(), newSigner())]],
    ['whose signature by the old key is another one’s', () => [{ ...stolen(), byPrevious: stolen().byKey }]],
  ])('hangs up on a chain %s', async (_what, chain) => {
    const forger = new WebSocketServer({ port: 0, host: '127.0.0.1' })
    await once(forger, 'listening')
    const stop = startOld(urlOf(forger))
    const [socket] = await once(forger, 'connection')
    await once(socket, 'message')
    socket.send(JSON.stringify({ type: 'journal_keys', chain: chain() }))
    expect((await once(socket, 'close'))[0]).toBe(1008)
    await stop()
    forger.close()
  })
})

const WHEN = {
  from: '2026-01-01T00:00:00.000Z',
  previousUntil: '2026-01-02T00:00:00.000Z',
  at: '2026-01-01T00:00:00.000Z',
}
const link = (previous: ReturnType<typeof newSigner>, key: ReturnType<typeof newSigner>) =>
  endorseKey({ previous, key }, WHEN)

/** What somebody writes who knows the public half of the node's key only. */
function stolen() {
  const verifier = parseVerifier(configuredKey)
  if (!verifier) throw new TypeError('no key')
  return link({ ...newSigner(), verifier }, newSigner())
}
