import { AzoraError, createLog, type Log } from '@azora/base'
import type pg from 'pg'
import { composePlatform } from '../compose.ts'
import { startEmbedded } from '../database/embedded.ts'
import { isThisMachine, originOf } from '../http/origin.ts'
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
import type { GrpcPort } from '../rpc/port.ts'
import { openTlsListener, type TlsListener } from '../tls/listener.ts'
import { VERSION } from '../version.ts'

export interface Running {
  url: string
  /** Where gRPC is served without TLS. */
  grpc: string | undefined
  dataDir: DataDir
  stop(): Promise<void>
}

/** Under this name the journal signs its checkpoints. */
const SHARD = 'azora/main'
/** Beside a listener with TLS, for this machine's own programs. */
const LOCAL_ONLY = { host: '127.0.0.1', port: 0 }

/**
 * Starts the control plane: database, platform, HTTP and, for `up`, one execution node. What was started is stopped
 * again when a later part fails.
 */
export async function startControlPlane(options: Options, onFenced: (why: AzoraError) => void): Promise<Running> {
  const log = createLog('server', options.logLevel)
  await assertNotRunning(options.dataDir)
  const dataDir = await openDataDir(options.dataDir, SHARD)
  const ownerKeys = await openOwnerKeys(options.dataDir, options.ownerKeys)
  const started: Array<() => Promise<unknown>> = []
  const stop = async (): Promise<void> => {
    for (const undo of started.splice(0).reverse()) await undo()
  }
  try {
    const secure = await openSecure(options, log)
    if (secure) started.push(async () => secure.stop())
    const database = await openDatabase(options, log)
    started.push(database.stop)
    const platform = await composePlatform({
      isolation: options.isolation,
      connection: database.connection,
      dataDir,
      ownerKeys,
      reviewWebhook: options.reviewWebhook,
      webhookHosts: options.webhookHosts,
      witnessPolicy: options.witnessPolicy,
      secretsKey: options.secretsKey,
      environment: options.environment,
      artifacts: options.artifacts,
      encryptPayloads: options.encryptPayloads,
      publicUrl: options.publicUrl ?? secure?.origin,
      oidc: options.oidc,
      rateLimits: options.rateLimits,
      asksCertificates: options.tls?.clientCa !== undefined,
      log,
      onFenced,
    })
    started.push(platform.close)
    const plain = secure ? LOCAL_ONLY : { host: options.host, port: options.port }
    await platform.app.listen(plain).catch((thrown) => {
      throw explainListen(thrown, plain)
    })
    secure?.serve(platform.app.server)
    if (options.grpcPort !== undefined) await openGrpc(platform.grpc, { host: plain.host, port: options.grpcPort })
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
      ...(!isThisMachine(options.host) && { outside: { host: options.host, tls: secure !== undefined } }),
    })
    started.push(() => removeServerRecord(dataDir.path))
    return { url: secure?.origin ?? url, grpc: platform.grpc.address(), dataDir, stop }
  } catch (thrown) {
    await stop()
    throw thrown
  }
}

/** Listens with TLS where that is asked for. Throws `plaintext_refused` where other machines were to connect without. */
async function openSecure({ host, port, tls, allowPlaintext }: Options, log: Log): Promise<TlsListener | undefined> {
  if (tls)
    return openTlsListener(tls, { host, port }, log).catch((thrown) => {
      throw thrown instanceof AzoraError ? thrown : explainListen(thrown, { host, port })
    })
  if (allowPlaintext || isThisMachine(host)) return undefined
  throw new AzoraError(
    'fix',
    'plaintext_refused',
    `${host} is reached by other machines, which would send tokens in clear`,
    {
      remedy:
        'Give the server --tls-cert and --tls-key, or say --allow-plaintext where a proxy in front of it speaks TLS to others.',
    },
  )
}

async function openDatabase(
  options: Options,
  log: Log,
): Promise<{ connection: pg.PoolConfig; stop: () => Promise<void> }> {
  if (options.databaseUrl === undefined) return startEmbedded(options.dataDir, log)
  return { connection: { connectionString: options.databaseUrl }, stop: async () => {} }
}

const openGrpc = (grpc: GrpcPort, address: { host: string; port: number }): Promise<void> =>
  grpc.listen(address).catch((thrown) => {
    throw explainListen(thrown, address, '--grpc-port')
  })

function explainListen(
  thrown: NodeJS.ErrnoException,
  { host, port }: { host: string; port: number },
  flag = '--port',
): AzoraError {
  if (thrown.code === 'EADDRINUSE') {
    return new AzoraError('conflict', 'port_in_use', `${host}:${port} is used by another program`, {
      remedy: `Choose another port with ${flag}.`,
    })
  }
  return new AzoraError('fix', 'listen_failed', `the server can't listen on ${host}:${port}: ${thrown.message}`, {
    remedy: `Choose another address with --host and ${flag}.`,
    cause: thrown,
  })
}
