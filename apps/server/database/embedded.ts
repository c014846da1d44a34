import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, open, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AzoraError, type Log } from '@azora/base'
import type pg from 'pg'
import { asUnprivilegedUser } from './as-user.ts'
import { findBinaries } from './binaries.ts'

export interface EmbeddedDatabase {
  connection: pg.PoolConfig
  /** Shuts the server down, waiting for its last writes. */
  stop(): Promise<void>
}

const START_LIMIT_MS = 60_000
const STOP_LIMIT_MS = 20_000
const POLL_MS = 50
/** Longest path of a Unix socket on the smallest platform (macOS, sun_path), less the socket's own name. */
const SOCKET_FOLDER_MAX = 80

/**
 * Starts the embedded PostgreSQL on `<dataDir>/postgres`, creating it at the first start. It listens on a Unix socket
 * in a private folder only, and asks for a password. A server that survived its parent's death is taken over. When the
 * server dies it is started again.
 */
export async function startEmbedded(dataDir: string, log: Log): Promise<EmbeddedDatabase> {
  const folder = join(dataDir, 'postgres')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const asUser = await asUnprivilegedUser(folder)
  const binaries = findBinaries()
  const cluster = join(folder, 'data')
  const password = await readPassword(folder)
  if (!existsSync(join(cluster, 'PG_VERSION'))) await createCluster(asUser, binaries.initdb, folder, cluster)

  let stopping = false
  let child: ChildProcess | undefined
  const socketFolder = await createSocketFolder(folder)
  const adopted = await adoptableSocketFolder(cluster)
  const connection = { host: adopted ?? socketFolder, port: 5432, user: 'azora', password, database: 'postgres' }

  const launch = async (): Promise<void> => {
    const server = spawnServer(
      asUser([binaries.postgres, '-D', cluster, '-k', socketFolder, ...SETTINGS]),
      await open(join(folder, 'log'), 'a'),
    )
    child = server
    server.once('exit', (code, signal) => {
      if (stopping) return
      log.warn({ code, signal }, 'PostgreSQL died; starting it again')
      setTimeout(() => void (stopping || launch()), POLL_MS * 10)
    })
  }
  if (!adopted) await launch()
  await untilReady(cluster, folder)
  return {
    connection,
    async stop() {
      stopping = true
      await shutDown(cluster, child)
      if (socketFolder.startsWith(tmpdir())) await rm(socketFolder, { recursive: true, force: true })
    },
  }
}

const SETTINGS = [
  ['listen_addresses', ''],
  ['port', '5432'],
  ['max_connections', '50'],
  ['shared_buffers', '64MB'],
  ['logging_collector', 'off'],
  ['log_checkpoints', 'off'],
].flatMap(([name, value]) => ['-c', `${name}=${value}`])

async function readPassword(folder: string): Promise<string> {
  const file = join(folder, 'password')
  if (!existsSync(file)) await writeFile(file, randomBytes(24).toString('base64url'), { mode: 0o600 })
  return (await readFile(file, 'utf8')).trim()
}

/** Makes the cluster beside its place and moves it there whole, so that an interrupted first start leaves nothing half done. */
async function createCluster(
  asUser: (argv: string[]) => string[],
  initdb: string,
  folder: string,
  cluster: string,
): Promise<void> {
  const draft = join(folder, 'data.new')
  await rm(draft, { recursive: true, force: true })
  const argv = asUser([
    initdb,
    '-D',
    draft,
    '-U',
    'azora',
    '--auth=scram-sha-256',
    `--pwfile=${join(folder, 'password')}`,
    '--encoding=UTF8',
    '--locale=C',
    '--no-instructions',
  ])
  const child = spawn(argv[0] as string, argv.slice(1), { stdio: ['ignore', 'ignore', 'pipe'] })
  let complaint = ''
  child.stderr.on('data', (chunk) => {
    complaint = (complaint + chunk).slice(-2_000)
  })
  const code = await new Promise<number | null>((resolve, reject) => child.once('close', resolve).once('error', reject))
  if (code !== 0)
    throw new AzoraError(
      'fix',
      'postgres_init_failed',
      `PostgreSQL could not create its data directory: ${complaint.trim()}`,
    )
  await rename(draft, cluster)
}

async function createSocketFolder(folder: string): Promise<string> {
  const wanted = join(folder, 'run')
  if (wanted.length > SOCKET_FOLDER_MAX) return mkdtemp(join(tmpdir(), 'azora-'))
  await mkdir(wanted, { recursive: true, mode: 0o700 })
  await chmod(wanted, 0o700)
  return wanted
}

interface Postmaster {
  pid: number
  socketFolder: string
  ready: boolean
}

/** What a running server wrote of itself into its `postmaster.pid`. */
async function readPostmaster(cluster: string): Promise<Postmaster | undefined> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '')
  const lines = text.split('\n')
  const pid = Number(lines[0])
  if (!pid || !isAlive(pid)) return undefined
  return { pid, socketFolder: lines[4] ?? '', ready: lines[7]?.trim() === 'ready' }
}

async function adoptableSocketFolder(cluster: string): Promise<string | undefined> {
  const postmaster = await readPostmaster(cluster)
  return postmaster?.socketFolder && existsSync(join(postmaster.socketFolder, '.s.PGSQL.5432'))
    ? postmaster.socketFolder
    : undefined
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

function spawnServer(argv: string[], logFile: Awaited<ReturnType<typeof open>>): ChildProcess {
  const server = spawn(argv[0] as string, argv.slice(1), { stdio: ['ignore', logFile.fd, logFile.fd], detached: true })
  server.once('error', () => {})
  server.once('spawn', () => void logFile.close())
  return server
}

async function untilReady(cluster: string, folder: string): Promise<void> {
  const limit = Date.now() + START_LIMIT_MS
  while (Date.now() < limit) {
    if ((await readPostmaster(cluster))?.ready) return
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
  const tail = (await readFile(join(folder, 'log'), 'utf8').catch(() => '')).slice(-2_000)
  throw new AzoraError(
    'retry',
    'postgres_start_failed',
    `PostgreSQL was not ready after ${START_LIMIT_MS / 1000} s:\n${tail}`,
    {
      remedy: `Look into ${join(folder, 'log')}.`,
    },
  )
}

/** A fast shutdown (SIGINT), then SIGKILL when it takes too long: the write-ahead log makes either safe. */
async function shutDown(cluster: string, child: ChildProcess | undefined): Promise<void> {
  const postmaster = await readPostmaster(cluster)
  if (!postmaster) return
  process.kill(postmaster.pid, 'SIGINT')
  const limit = Date.now() + STOP_LIMIT_MS
  while (isAlive(postmaster.pid) && Date.now() < limit) await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  if (isAlive(postmaster.pid)) process.kill(postmaster.pid, 'SIGKILL')
  child?.unref()
}
