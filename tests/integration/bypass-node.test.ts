import { randomBytes, randomUUID } from 'node:crypto'
import { cpSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { silentLog, timestamp, uuidv7 } from '@azora/base'
import { type Action, isStateful, type Receipt, type SkillManifest } from '@azora/contracts'
import { createDispatcher, createIsolation, type Dispatcher, describeCatalog, type Isolation } from '@azora/execution'
import type { Journal } from '@azora/journal'
import { digestOf } from '@azora/proof'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocketServer } from 'ws'
import { recordRefusalIn } from '../../apps/server/record-refusal.ts'
import { ROOT } from '../support/cli.ts'
import { openPostgres, type TestDatabase, type TestPostgres } from '../support/database.ts'
import { openJournal } from '../support/journal.ts'
import { startNode } from '../support/node-in-process.ts'
import { nextAudience, performOn } from '../support/slot.ts'
import { tempDir } from '../support/temp-dir.ts'

// Every skill of the catalog, as it is found there, and one that is planted to show that a new one is found too.
const PLANTED = `
import { defineSkill } from '@azora/sdk'
import { z } from 'zod'

export default defineSkill({
  skillId: 'planted.act',
  version: '1.0.0',
  title: 'Planted',
  description: 'Acts.',
  input: z.object({}),
  output: z.object({}),
  effects: ['external'],
  idempotent: false,
  workspace: 'none',
  run: async () => ({}),
})
`
const SHARED = ['node_modules', 'package.json', 'packages', 'services']
const MINUTE_MS = 60_000

const folder = tempDir('bypass')
let postgres: TestPostgres
let database: TestDatabase
let journal: Journal
let dispatcher: Dispatcher
let server: Server
let stopNode: () => Promise<void>
let skills: SkillManifest[]
/** Entry points that were started, in order. */
const launched: string[] = []

/** The real isolation, which tells what it is asked to start. */
function observed(isolation: Isolation): Isolation {
  return {
    describe: () => isolation.describe(),
    workspacePath: (folder) => isolation.workspacePath(folder),
    launch(spec) {
      launched.push(spec.argv.at(-1) ?? '')
      return isolation.launch(spec)
    },
  }
}

function createProject(): string {
  const root = join(realpathSync(folder.path), 'project')
  mkdirSync(join(root, '.git'), { recursive: true })
  mkdirSync(join(folder.path, 'data'))
  for (const path of SHARED) symlinkSync(join(ROOT, path), join(root, path))
  cpSync(join(ROOT, 'catalog'), join(root, 'catalog'), {
    recursive: true,
    filter: (path) => !path.endsWith('node_modules'),
  })
  writeFileSync(join(root, 'catalog/skills/planted.act.skill.ts'), PLANTED)
  return root
}

beforeAll(async () => {
  postgres = await openPostgres()
  database = await postgres.createDatabase()
  journal = await openJournal(database.db)
  dispatcher = createDispatcher({ log: silentLog, recordRefusal: recordRefusalIn(journal) })
  server = createServer()
  new WebSocketServer({ server }).on('connection', (socket) => dispatcher.attach(socket, 'node:test'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const projectRoot = createProject()
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
    isolation: observed(isolation),
  })
  await nextAudience(dispatcher)
})
afterAll(async () => {
  await stopNode?.()
  await dispatcher?.close()
  server?.close()
  await journal?.close()
  await database?.close()
  await postgres?.stop()
  folder.remove()
})

const actionOf = (skill: SkillManifest, input: Action['input'] = {}): Action => ({
  runId: uuidv7(Date.now()),
  stepId: 'step',
  tenant: 'default',
  principal: 'user:owner',
  owner: 'user:owner',
  skillId: skill.skillId,
  skillVersion: skill.version,
  codeDigest: skill.codeDigest,
  input,
  effects: skill.effects,
  workspace: skill.workspace,
  resources: { read: [], write: [], hosts: [] },
})

/** Journals the verdict that permits an action, as the orchestrator would. */
async function permit(action: Action, lifeMs = MINUTE_MS): Promise<Receipt> {
  const permission = {
    actionDigest: digestOf(action),
    expiresAt: timestamp(Date.now() + lifeMs),
    nonce: randomBytes(16).toString('hex'),
    audience: await nextAudience(dispatcher),
  }
  const result = { verdict: 'allow' as const, score: 100, reasons: [], constitution: '0'.repeat(64) }
  const { tenant, runId } = action
  const payload = { action, result, permission }
  const committed = await journal.append({ kind: 'action.verified', tenant, actor: 'user:owner', run: runId, payload })
  return committed.receipt() as Receipt
}

/** What the node answers, and what it started for that. */
async function ask(skill: SkillManifest, action: Action, receipt?: Receipt) {
  const before = launched.length
  const { entrypoint } = skill
  const request = { action, entrypoint, idempotencyKey: randomUUID(), ...(receipt && { receipt }) }
  const answer = await performOn(dispatcher, request)
  return { code: answer.kind === 'refused' ? answer.error.code : answer.kind, started: launched.slice(before) }
}

/** What every skill does when it is asked for in a way, by skill. */
async function askAll(
  request: (skill: SkillManifest) => Promise<{ action: Action; receipt?: Receipt }>,
): Promise<Record<string, Awaited<ReturnType<typeof ask>>>> {
  const answers: Record<string, Awaited<ReturnType<typeof ask>>> = {}
  for (const skill of skills.filter(({ effects }) => isStateful(effects))) {
    const { action, receipt } = await request(skill)
    answers[skill.skillId] = await ask(skill, action, receipt)
  }
  return answers
}

const each = (answer: { code: string; started: string[] }) =>
  Object.fromEntries(
    skills.filter(({ effects }) => isStateful(effects)).map(({ skillId }) => [skillId, answer] as const),
  )

describe('a node that is asked for any stateful skill', () => {
  it('knows those of the catalog and the one that was planted', () => {
    const stateful = skills.filter(({ effects }) => isStateful(effects)).map(({ skillId }) => skillId)
    expect(stateful).toEqual(expect.arrayContaining(['git.publish-branch', 'git.rewrite-branch', 'planted.act']))
  })

  it('starts it for its proof, which shows that a start is seen', async () => {
    const answers = await askAll(async (skill) => {
      const action = actionOf(skill)
      return { action, receipt: await permit(action) }
    })
    for (const [skillId, { code, started }] of Object.entries(answers)) {
      const { entrypoint = '?' } = skills.find((skill) => skill.skillId === skillId) ?? {}
      // A sandbox that is shown nothing may be made ready for the next of them.
      expect([code, [...new Set(started)]]).toEqual(['outcome', [expect.stringContaining(entrypoint)]])
    }
  })

  it('starts nothing without a proof', async () =>
    expect(await askAll(async (skill) => ({ action: actionOf(skill) }))).toEqual(
      each({ code: 'proof_missing', started: [] }),
    ))

  it('starts nothing for the proof of another action', async () =>
    expect(
      await askAll(async (skill) => ({ action: actionOf(skill), receipt: await permit(actionOf(skill)) })),
    ).toEqual(each({ code: 'proof_mismatch', started: [] })))

  it('starts nothing for the proof of the same action with other arguments', async () =>
    expect(
      await askAll(async (skill) => {
        const action = actionOf(skill)
        return { action: { ...action, input: { branch: 'main' } }, receipt: await permit(action) }
      }),
    ).toEqual(each({ code: 'proof_mismatch', started: [] })))

  it('starts nothing for an expired proof', async () =>
    expect(
      await askAll(async (skill) => {
        const action = actionOf(skill)
        return { action, receipt: await permit(action, -1) }
      }),
    ).toEqual(each({ code: 'proof_expired', started: [] })))

  it('starts nothing for a proof that was used', async () =>
    expect(
      await askAll(async (skill) => {
        const action = actionOf(skill)
        const receipt = await permit(action)
        await ask(skill, action, receipt)
        return { action, receipt }
      }),
    ).toEqual(each({ code: 'proof_spent', started: [] })))
})
