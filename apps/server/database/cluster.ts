import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AzoraError } from '@azora/base'
import type { AsUser } from './as-user.ts'

/** Files of one PostgreSQL server. */
export interface Cluster {
  path: string
  password: string
}

const COMPLAINT_MAX = 2_000

/** The cluster below `folder`, created at the first start. */
export async function openCluster(folder: string, initdb: string, asUser: AsUser): Promise<Cluster> {
  const passwordFile = join(folder, 'password')
  if (!existsSync(passwordFile)) await writeFile(passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 })
  const path = join(folder, 'data')
  if (!existsSync(join(path, 'PG_VERSION'))) await createCluster(asUser, initdb, folder, path)
  return { path, password: (await readFile(passwordFile, 'utf8')).trim() }
}

/** Makes the cluster beside its place and moves it there whole, so that an interrupted first start leaves nothing half done. */
async function createCluster(asUser: AsUser, initdb: string, folder: string, path: string): Promise<void> {
  const draft = join(folder, 'data.new')
  await rm(draft, { recursive: true, force: true })
  const options = ['--auth=scram-sha-256', `--pwfile=${join(folder, 'password')}`, '--encoding=UTF8', '--locale=C']
  const [program = '', ...args] = asUser([initdb, '-D', draft, '-U', 'azora', ...options, '--no-instructions'])
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  let complaint = ''
  child.stderr.on('data', (chunk) => {
    complaint = (complaint + chunk).slice(-COMPLAINT_MAX)
  })
  const code = await new Promise<number | null>((resolve, reject) =>
    child.once('close', resolve).once('error', reject),
  ).catch((thrown) => {
    throw failed(thrown instanceof Error ? thrown.message : String(thrown))
  })
  if (code !== 0) throw failed(complaint.trim())
  await rename(draft, path)
}

const failed = (why: string): AzoraError =>
  new AzoraError('fix', 'postgres_init_failed', `PostgreSQL could not create its data directory: ${why}`, {
    remedy: 'Run ./azora doctor; or name a PostgreSQL of your own in DATABASE_URL.',
  })
