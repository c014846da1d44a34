import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSigner, type Signer } from '@azora/proof'
import { createClient } from '@azora/sdk/client'
import { openDataDir } from '../../../apps/server/local/data-dir.ts'
import { type AzoraServer, startAzora } from '../azora-server.ts'
import { type BenchDatabase, openDatabase, urlOf } from '../database.ts'
import { createPost } from '../http-post.ts'
import { type EntryTemplate, templatesOf } from './template.ts'

const SHARD = 'azora/main'
export const TENANTS = ['default', 'acme', 'globex', 'initech'] as const

/** An installation that is stopped and started again, and what runs are copied from. */
export interface QueueStage {
  database: BenchDatabase
  signer: Signer
  /** The entries of a run of one pure action that has ended. */
  ended: EntryTemplate[]
  /** Milliseconds from the start of the process until its node is there. */
  start(): Promise<{ server: AzoraServer; ms: number }>
  close(): Promise<void>
}

const PLAN = { plan: { steps: [{ id: 'skill', skill: 'text.measure', input: { text: 'one' } }] } }

/** @param main the program, of another checkout than this one */
export async function openStage(main?: string): Promise<QueueStage> {
  const folder = await mkdtemp(join(tmpdir(), 'azora-bench-'))
  const database = await openDatabase()
  process.env.DATABASE_URL = urlOf(database, 'postgres')
  const start: QueueStage['start'] = async () => {
    const startedMs = performance.now()
    const server = await startAzora(['--capacity', '64'], { kept: folder, ...(main && { main }) })
    return { server, ms: Math.round(performance.now() - startedMs) }
  }
  const close = async (): Promise<void> => {
    await database.close()
    await rm(folder, { recursive: true, force: true })
  }
  try {
    const { server } = await start()
    const run = await prepare(server).finally(server.stop)
    const { journalSigner } = await openDataDir(folder, SHARD)
    return { database, signer: journalSigner, ended: await templatesOf(database.db, run), start, close }
  } catch (thrown) {
    await close()
    throw thrown
  }
}

/** Makes the tenants, and a run to copy; answers its id. */
async function prepare({ url, token }: AzoraServer): Promise<string> {
  const client = createClient({ url, token })
  const key = createSigner('admin', generateKeyPairSync('ed25519').privateKey).verifier.text
  for (const tenant of TENANTS.slice(1))
    await client.api.tenants.create({ body: { name: tenant, admin: { id: 'user:admin', keys: [key] } } })
  const post = createPost(url, { authorization: `Bearer ${token}`, prefer: 'wait=60' }, 1)
  const { status, text } = await post('/api/v1/orchestrator/plan', PLAN)
  if (status !== 200) throw new Error(`the run to copy ended with ${status} ${text}`)
  return JSON.parse(text).runId
}
