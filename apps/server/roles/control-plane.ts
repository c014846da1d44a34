import { AzoraError, createLog, type Log } from '@azora/base'
import type pg from 'pg'
import { composePlatform } from '../compose.ts'
import { startEmbedded } from '../database/embedded.ts'
import { originOf } from '../http/origin.ts'
import {
  assertNotRunning,
  type DataDir,
  openDataDir,
  removeServerRecord,
  writeServerRecord,
} from '../local/data-dir.ts'
import { startNodeChild } from '../local/node-child.ts'
import { openOwnerKeys } from '../local/owner-key.ts'
import type { Options } from '../options.ts'
import { VERSION } from '../version.ts'

export interface Running {
  url: string
  dataDir: DataDir
  stop(): Promise<void>
}

/** Under this name the journal signs its checkpoints. */
const SHARD = 'azora/main'

/**
 * Starts the control plane: database, platform, HTTP and, for `up`, one execution node. What was started is stopped
 * again when a later part fails.
 */
export async function startControlPlane(options: Options, onFenced: () => void): Promise<Running> {
  const log = createLog('server', options.logLevel)
  await assertNotRunning(options.dataDir)
  const dataDir = await openDataDir(options.dataDir, SHARD)
  const ownerKeys = await openOwnerKeys(options.dataDir, options.ownerKeys)
  const started: Array<() => Promise<unknown>> = []
  const stop = async (): Promise<void> => {
    for (const undo of started.splice(0).reverse()) await undo()
  }
  try {
    const database = await openDatabase(options, log)
    started.push(database.stop)
    const platform = await composePlatform({
      isolation: options.isolation,
      connection: database.connection,
      dataDir,
      ownerKeys,
      reviewWebhook: options.reviewWebhook,
      witnessPolicy: options.witnessPolicy,
      secretsKey: options.secretsKey,
      environment: options.environment,
      artifacts: options.artifacts,
      encryptPayloads: options.encryptPayloads,
      publicUrl: options.publicUrl,
      log,
      onFenced,
    })
    started.push(platform.close)
    await platform.app.listen({ host: options.host, port: options.port }).catch((thrown) => {
      throw explainListen(thrown, options)
    })
    const url = originOf(platform.app)
    if (options.role === 'up') {
      const node = startNodeChild({
        serverUrl: url,
        dataDir,
        capacity: options.capacity,
        isolation: options.isolation,
        logLevel: options.logLevel,
        log,
      })
      started.push(node.stop)
    }
    await writeServerRecord(dataDir.path, {
      pid: process.pid,
      url,
      version: VERSION,
      startedAt: new Date().toISOString(),
    })
    started.push(() => removeServerRecord(dataDir.path))
    return { url, dataDir, stop }
  } catch (thrown) {
    await stop()
    throw thrown
  }
}

async function openDatabase(
  options: Options,
  log: Log,
): Promise<{ connection: pg.PoolConfig; stop: () => Promise<void> }> {
  if (options.databaseUrl === undefined) return startEmbedded(options.dataDir, log)
  return { connection: { connectionString: options.databaseUrl }, stop: async () => {} }
}

function explainListen(thrown: NodeJS.ErrnoException, { host, port }: Options): AzoraError {
  if (thrown.code === 'EADDRINUSE') {
    return new AzoraError('conflict', 'port_in_use', `${host}:${port} is used by another program`, {
      remedy: 'Choose another port with --port.',
    })
  }
  return new AzoraError('fix', 'listen_failed', `the server can't listen on ${host}:${port}: ${thrown.message}`, {
    remedy: 'Choose another address with --host and --port.',
    cause: thrown,
  })
}
