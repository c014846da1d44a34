import { randomInt } from 'node:crypto'
import { realpathSync } from 'node:fs'
import { join } from 'node:path'
import { AzoraError, type Clock, type Log } from '@azora/base'
import { NODE_PROTOCOL } from '@azora/contracts'
import { createKeyTrust, parseVerifier } from '@azora/proof'
import { WebSocket } from 'ws'
import type { CodeSource, FindCode } from '../code/find.ts'
import { openFindCode } from '../code/open.ts'
import { readPackIn } from '../code/store.ts'
import { createDrivers } from '../driver/drivers.ts'
import type { Isolation } from '../isolation/port.ts'
import { createCarryOut } from './carry-out.ts'
import type { ClientCertificate } from './control-plane.ts'
import type { FetchArtifact } from './fetch-artifact.ts'
import type { KeepArtifact } from './keep.ts'
import { openSpool } from './output.ts'
import { createPermitCheck } from './permit.ts'
import { createSession } from './session.ts'
import { createSpentProofs } from './spent-proofs.ts'

export interface NodeOptions {
  /** WebSocket of the control plane: `ws(s)://…/api/v1/nodes/connect`. */
  url: string
  token: string
  /** For a server that asks for one. */
  certificate?: ClientCertificate | undefined
  name: string
  /** Random for this life of the node. */
  instance: string
  /** The partition of work that it serves. */
  shard: string
  /** Actions performed at one time. */
  capacity: number
  /** How long it finishes what it has when it is asked to stop, milliseconds. */
  drainMs: number
  /** Of Azora, for people. */
  version: string
  /** Verifier key of the journal (C2SP signed-note), or an older one: the node follows what it endorses. */
  journalKey: string
  /** Holds the workspaces, one folder a run. */
  dataDir: string
  /** Where what actions print goes. */
  keep: KeepArtifact
  /** Where the artifacts that inputs name come from. */
  fetch: FetchArtifact
  /** Where code that is in no catalogue here comes from, beside the data directory. */
  fetchCode?: CodeSource | undefined
  projectRoot: string
  isolation: Isolation
  /** Sandboxes that may wait for actions at one time. */
  warmSlots?: number
  clock: Clock
  log: Log
}

export interface ExecutionNode {
  /** Performs what it is sent until the signal fires; dials again when the connection breaks. */
  run(signal: AbortSignal): Promise<void>
}

const WARM_SLOTS = 4
const SPENT_MAX = 200_000
const FRAME_BYTES_MAX = 16 * 1024 * 1024
const HANDSHAKE_MS_MAX = 10_000
const GOODBYE_MS_MAX = 1_000
const RETRY_MS_MIN = 100
const RETRY_MS_MAX = 5_000
/** The control plane pings every 5 s; a connection without pings is dead, even if nobody said so. */
const SILENCE_MS_MAX = 35_000
const UNWANTED = 1008

/** The far side: it acts, and only for proofs that it checked itself. Throws `journal_key_malformed`. */
export function createNode(options: NodeOptions): ExecutionNode {
  const { clock, log } = options
  const root = parseVerifier(options.journalKey)
  if (!root) throw new AzoraError('fix', 'journal_key_malformed', 'the journal key is not a signed-note verifier key')
  const journal = createKeyTrust(root)
  const projectRoot = realpathSync(options.projectRoot)
  // It outlives connections: a proof that was spent stays spent after a reconnect.
  const audience = `${options.name}/${options.instance}`
  const permit = createPermitCheck({ journal, spent: createSpentProofs(SPENT_MAX), clock, audience })
  const drivers = createDrivers({
    isolation: options.isolation,
    projectRoot,
    warmSlots: options.warmSlots ?? WARM_SLOTS,
  })
  const carryOut = createCarryOut({
    findCode: findCodeOf(options),
    drivers,
    dataDir: realpathSync(options.dataDir),
    spool: openSpool(options.dataDir),
    keep: options.keep,
    fetch: options.fetch,
    isolation: options.isolation,
    node: options.name,
  })
  const session = {
    permit,
    journal,
    carryOut,
    isolation: options.isolation,
    node: options.name,
    instance: options.instance,
    shard: options.shard,
    capacity: options.capacity,
    version: options.version,
    clock,
    log,
  }

  async function connectOnce(signal: AbortSignal): Promise<boolean> {
    const socket = new WebSocket(options.url, NODE_PROTOCOL, {
      headers: { authorization: `Bearer ${options.token}` },
      ...options.certificate,
      maxPayload: FRAME_BYTES_MAX,
      handshakeTimeout: HANDSHAKE_MS_MAX,
    })
    let opened = false
    const silence = setTimeout(() => socket.terminate(), SILENCE_MS_MAX)
    socket.on('ping', () => silence.refresh())
    return new Promise((resolve) => {
      const live = createSession(session, socket)
      const hangUp = (): void => {
        socket.close(1001, 'the node stops')
        // What runs ends now, whether or not the other side says goodbye.
        void live.end()
        setTimeout(() => socket.terminate(), GOODBYE_MS_MAX).unref()
      }
      let drain: NodeJS.Timeout | undefined
      const stop = (): void => {
        if (opened && options.drainMs > 0) {
          live.drain()
          drain = setTimeout(hangUp, options.drainMs)
        } else hangUp()
      }
      signal.addEventListener('abort', stop, { once: true })
      socket.once('open', () => {
        opened = true
        live.begin()
      })
      socket.on('error', (error) => log.warn({ err: error }, 'the control plane can not be reached'))
      socket.once('close', (code, reason) => {
        clearTimeout(silence)
        clearTimeout(drain)
        if (code === UNWANTED)
          log.error({ reason: reason.toString('utf8') }, 'the control plane does not want this node')
        signal.removeEventListener('abort', stop)
        void live.end().then(() => resolve(opened))
      })
    })
  }

  return {
    async run(signal) {
      let waitMs = RETRY_MS_MIN
      while (!signal.aborted) {
        waitMs = (await connectOnce(signal)) ? RETRY_MS_MIN : Math.min(waitMs * 2, RETRY_MS_MAX)
        if (!signal.aborted) await pause(waitMs + randomInt(RETRY_MS_MIN), signal)
      }
      for (const driver of Object.values(drivers)) driver.close()
    },
  }
}

/** Code that was kept: by the server that it shares its data directory with, or else by the one that it dials. */
function findCodeOf({ dataDir, name, projectRoot, fetchCode }: NodeOptions): FindCode {
  const sources = [readPackIn(join(dataDir, 'code')), ...(fetchCode ? [fetchCode] : [])]
  return openFindCode(projectRoot, join(dataDir, `code-of-${name}`), sources)
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => resolve(clearTimeout(timer)), { once: true })
  })
}
