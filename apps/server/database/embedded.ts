import { spawn } from 'node:child_process'
import { chmod, mkdir, mkdtemp, open, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AzoraError, type Log, toAzoraError } from '@azora/base'
import type pg from 'pg'
import { type AsUser, asUnprivilegedUser } from './as-user.ts'
import { findBinaries } from './binaries.ts'
import { openCluster } from './cluster.ts'
import { isAlive, readPostmaster, waitUntil } from './postmaster.ts'

export interface EmbeddedDatabase {
  connection: pg.PoolConfig
  /** Shuts the server down, waiting for its last writes. */
  stop(): Promise<void>
}

const START_MS_MAX = 60_000
const STOP_MS_MAX = 20_000
const WATCH_MS = 250
const CONNECTIONS_MAX = 50
/** Longest path of a Unix socket on the smallest platform (macOS, sun_path), less the socket's own name. */
const SOCKET_FOLDER_MAX = 80

/**
 * Starts the embedded PostgreSQL on `<dataDir>/postgres`, creating it at the first start. It listens on a Unix socket
 * in a private folder only, and asks for a password. A server that survived its parent's death is taken over. When the
 * server dies it is started again.
 *
 * @param connectionsMax that it takes at one time, from all servers and tools together
 */
export async function startEmbedded(
  dataDir: string,
  log: Log,
  connectionsMax: number = CONNECTIONS_MAX,
): Promise<EmbeddedDatabase> {
  const folder = join(dataDir, 'postgres')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const asUser = await asUnprivilegedUser(folder)
  const { initdb, postgres } = findBinaries()
  const cluster = await openCluster(folder, initdb, asUser)
  const survivor = await readPostmaster(cluster.path)
  const socketFolder = survivor?.ready ? survivor.socketFolder : await createSocketFolder(folder)

  const launch = (): Promise<void> =>
    startServer(
      asUser,
      [postgres, '-D', cluster.path, '-k', socketFolder, ...SETTINGS, '-c', `max_connections=${connectionsMax}`],
      join(folder, 'log'),
    )
  const ready = async (): Promise<boolean> => (await readPostmaster(cluster.path))?.ready ?? false
  if (!survivor?.ready) {
    // A server that is just going down holds the directory a little longer.
    if (survivor) await waitUntil(() => !isAlive(survivor.pid), STOP_MS_MAX)
    await launch()
    if (!(await waitUntil(ready, START_MS_MAX))) throw await notReady(folder)
  }
  const watch = watchServer(async () => {
    if (await readPostmaster(cluster.path)) return
    log.warn('PostgreSQL died; starting it again')
    await launch()
    if (!(await waitUntil(ready, START_MS_MAX))) log.error({ err: await notReady(folder) }, 'PostgreSQL stays away')
  }, log)
  return {
    connection: { host: socketFolder, port: 5432, user: 'azora', password: cluster.password, database: 'postgres' },
    async stop() {
      await watch.stop()
      await shutDown(cluster.path)
      if (!socketFolder.startsWith(folder)) await rm(socketFolder, { recursive: true, force: true })
    },
  }
}

const SETTINGS = [
  ['listen_addresses', ''],
  ['port', '5432'],
  ['shared_buffers', '64MB'],
  ['logging_collector', 'off'],
  ['log_checkpoints', 'off'],
].flatMap(([name, value]) => ['-c', `${name}=${value}`])

async function createSocketFolder(folder: string): Promise<string> {
  const wanted = join(folder, 'run')
  if (wanted.length > SOCKET_FOLDER_MAX) return mkdtemp(join(tmpdir(), 'azora-'))
  await mkdir(wanted, { recursive: true, mode: 0o700 })
  await chmod(wanted, 0o700)
  return wanted
}

/** Resolves when the process runs; it may not be ready yet. It is left running when we die: the next start takes it over. */
async function startServer(asUser: AsUser, argv: string[], logFile: string): Promise<void> {
  const [program = '', ...args] = asUser(argv)
  const output = await open(logFile, 'a', 0o600)
  try {
    const server = spawn(program, args, { stdio: ['ignore', output.fd, output.fd], detached: true })
    await new Promise<void>((resolve, reject) => server.once('spawn', resolve).once('error', reject))
    server.unref()
  } catch (cause) {
    throw new AzoraError(
      'fix',
      'postgres_start_failed',
      `PostgreSQL could not be started: ${toAzoraError(cause).message}`,
      {
        remedy: 'Run ./azora doctor.',
        cause,
      },
    )
  } finally {
    await output.close()
  }
}

/** Looks again and again, one look at a time. */
function watchServer(look: () => Promise<void>, log: Log): { stop(): Promise<void> } {
  let looking: Promise<void> | undefined
  const timer = setInterval(() => {
    looking ??= look()
      .catch((thrown) => log.error({ err: toAzoraError(thrown) }, 'PostgreSQL could not be started again'))
      .finally(() => {
        looking = undefined
      })
  }, WATCH_MS)
  return {
    async stop() {
      clearInterval(timer)
      await looking
    },
  }
}

/** A fast shutdown (SIGINT), then SIGKILL when it takes too long: the write-ahead log makes either safe. */
async function shutDown(cluster: string): Promise<void> {
  const postmaster = await readPostmaster(cluster)
  if (!postmaster) return
  process.kill(postmaster.pid, 'SIGINT')
  if (await waitUntil(() => !isAlive(postmaster.pid), STOP_MS_MAX)) return
  process.kill(postmaster.pid, 'SIGKILL')
}

async function notReady(folder: string): Promise<AzoraError> {
  const tail = (await readFile(join(folder, 'log'), 'utf8').catch(() => '')).slice(-2_000)
  return new AzoraError('retry', 'postgres_not_ready', `PostgreSQL was not ready in time:\n${tail}`, {
    remedy: `Look into ${join(folder, 'log')}.`,
  })
}
