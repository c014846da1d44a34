import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { silentLog, systemClock, timestamp, uuidv7 } from '@azora/base'
import { createDb, type Db } from '@azora/base/db'
import type { Action, PerformRequest, Receipt, SkillManifest } from '@azora/contracts'
import { createDispatcher, createIsolation, type Dispatcher, describeCatalog } from '@azora/execution'
import { createJournal, type Journal } from '@azora/journal'
import { digestOf } from '@azora/proof'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocketServer } from 'ws'
import { startEmbedded } from '../../apps/server/database/embedded.ts'
import { openDataDir } from '../../apps/server/local/data-dir.ts'
import { recordRefusalIn } from '../../apps/server/record-refusal.ts'
import { ROOT, until } from '../support/cli.ts'
import { nextAudience, performOn } from '../support/slot.ts'
import { tempDir } from '../support/temp-dir.ts'

// The real journal on a real PostgreSQL, the real dispatcher, and a node in a process of its own. The test plays an
// orchestrator that asks for what it has no proof for.
const folder = tempDir('proof')
const cleanups: Array<() => unknown> = []
let journal: Journal
let dispatcher: Dispatcher
let skill: SkillManifest

const MINUTE_MS = 60_000

beforeAll(async () => {
  const dataDir = await openDataDir(join(folder.path, 'data'), 'azora/test')
  const postgres = await startEmbedded(dataDir.path, silentLog)
  cleanups.push(postgres.stop)
  const db: Db = createDb({ connection: postgres.connection, max: 4, log: silentLog })
  cleanups.push(db.close)
  journal = await createJournal({
    db,
    signer: dataDir.journalSigner,
    clock: systemClock,
    log: silentLog,
    onFenced: () => undefined,
  })
  dispatcher = createDispatcher({ log: silentLog, recordRefusal: recordRefusalIn(journal) })
  const isolation = await createIsolation({ projectRoot: ROOT })
  const found = (await describeCatalog({ isolation, projectRoot: ROOT })).skills.find(
    ({ skillId }) => skillId === 'workspace.write-file',
  )
  if (!found) throw new Error('the catalog has no workspace.write-file')
  skill = found

  const server = createServer()
  const sockets = new WebSocketServer({ server })
  sockets.on('connection', (socket) => dispatcher.attach(socket, 'node:local'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  cleanups.push(
    () => server.close(),
    () => sockets.close(),
  )
  const { port } = server.address() as AddressInfo
  const node = startNode(`ws://127.0.0.1:${port}`, dataDir)
  cleanups.push(() => void node.kill('SIGKILL'))
  await until(() => dispatcher.nodes().length === 1, 20_000, 'the node to connect')
})

afterAll(async () => {
  await dispatcher?.close()
  for (const cleanup of cleanups.reverse()) await cleanup()
  folder.remove()
})

function startNode(
  url: string,
  dataDir: { path: string; nodeTokenFile: string; journalKeyFile: string },
): ChildProcess {
  const args = [
    'node',
    '--url',
    url,
    '--data',
    dataDir.path,
    '--token-file',
    dataDir.nodeTokenFile,
    '--journal-key-file',
    dataDir.journalKeyFile,
  ]
  return spawn(process.execPath, [join(ROOT, 'apps/server/main.ts'), ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}

function newAction(content: string): Action {
  return {
    runId: uuidv7(Date.now()),
    stepId: 'write',
    tenant: 'default',
    principal: 'user:owner',
    owner: 'user:owner',
    skillId: skill.skillId,
    skillVersion: skill.version,
    codeDigest: skill.codeDigest,
    input: { path: 'note.txt', content },
    effects: skill.effects,
    workspace: skill.workspace,
    resources: { read: [], write: [], hosts: [] },
  }
}

/** Journals the verdict that permits an action, as the orchestrator would, and answers with its receipt. */
async function permit(action: Action, lifeMs = MINUTE_MS): Promise<Receipt> {
  const committed = await journal.append({
    kind: 'action.verified',
    tenant: action.tenant,
    actor: 'user:owner',
    run: action.runId,
    payload: {
      action,
      result: { verdict: 'allow', score: 100, reasons: [], constitution: '0'.repeat(64) },
      permission: {
        actionDigest: digestOf(action),
        expiresAt: timestamp(Date.now() + lifeMs),
        nonce: randomBytes(16).toString('hex'),
        audience: await nextAudience(dispatcher),
      },
    },
  })
  const receipt = committed.receipt()
  if (!receipt) throw new Error('no receipt')
  return receipt
}

function ask(action: Action, receipt?: Receipt) {
  const request: Omit<PerformRequest, 'type' | 'id'> = {
    action,
    entrypoint: skill.entrypoint,
    idempotencyKey: randomUUID(),
    ...(receipt && { receipt }),
  }
  return performOn(dispatcher, request)
}

/** The refusals of a run that are on record. */
const refusalsOf = async ({ runId }: Action): Promise<string[]> =>
  (await journal.readRun(runId)).flatMap((entry) =>
    entry.header.kind === 'action.refused' && 'error' in entry.payload ? [entry.payload.error.code] : [],
  )

async function expectRefused(action: Action, receipt: Receipt | undefined, code: string): Promise<void> {
  const result = await ask(action, receipt)
  expect(result).toMatchObject({ kind: 'refused', error: { code } })
  expect(await refusalsOf(action)).toContain(code)
}

describe('an execution node', () => {
  it('performs an action for its proof', async () => {
    const action = newAction('permitted')
    expect(await ask(action, await permit(action))).toMatchObject({ kind: 'outcome', outcome: { state: 'succeeded' } })
    expect(await refusalsOf(action)).toEqual([])
  })

  it('refuses, on record, a request without a proof', async () => {
    await expectRefused(newAction('no proof'), undefined, 'proof_missing')
  })

  it('refuses, on record, an expired proof', async () => {
    const action = newAction('expired')
    await expectRefused(action, await permit(action, -1), 'proof_expired')
  })

  it('refuses, on record, an altered proof', async () => {
    const action = newAction('altered')
    const receipt = await permit(action, -MINUTE_MS)
    const payload = structuredClone(receipt.entry.payload) as { permission: { expiresAt: string } }
    payload.permission.expiresAt = timestamp(Date.now() + MINUTE_MS)
    await expectRefused(action, { ...receipt, entry: { ...receipt.entry, payload } }, 'proof_invalid')
  })

  it('refuses, on record, a proof that was used', async () => {
    const action = newAction('twice')
    const receipt = await permit(action)
    expect(await ask(action, receipt)).toMatchObject({ kind: 'outcome' })
    await expectRefused(action, receipt, 'proof_spent')
  })

  it('refuses, on record, the proof of another action', async () => {
    const receipt = await permit(newAction('harmless'))
    await expectRefused(newAction('something else'), receipt, 'proof_mismatch')
  })
})
