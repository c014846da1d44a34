import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import type { Arranged, Loop } from './loop.ts'
import type { Random } from './random.ts'

/** Where the simulated time begins. */
export const START_MS = Date.UTC(2026, 0, 1)

const realSetImmediate = setImmediate

/** Resolves when no promise has anything left to do. */
export const drain = (): Promise<void> => new Promise((resolve) => realSetImmediate(resolve))

interface Owner {
  loop: Loop
  /** Ids and nonces. */
  ids: Random
  /** Salts, which the journal fetches ahead: another stream, as what one seed left over serves the next. */
  salts: Random
}

let owner: Owner | undefined
const owned = (): Owner => {
  if (owner) return owner
  throw new Error('nothing is being simulated')
}

/** From now on time, timers and randomness are those of the simulation. */
export const ownedBy = (next: Owner): void => {
  owner = next
}

/**
 * Takes time, timers and randomness away from this process for good. In production they are no ports: no caller should be able
 * to make a salt or a nonce predictable. So they are taken where the process gets them, from whoever asks, libraries too.
 */
export function own(): void {
  const later = (ms: number, name: string, work: () => void): Arranged =>
    owned().loop.after(ms, owned().loop.current, name, work)
  const handleOf = (arranged: Arranged): object => {
    const handle = { arranged, unref: () => handle, ref: () => handle, hasRef: () => true }
    return handle
  }
  const stop = (handle: unknown): void => (handle as { arranged?: Arranged } | undefined)?.arranged?.cancel()
  const every = (work: () => void, ms = 0): object => {
    const machine = owned().loop.current
    const handle = handleOf({ cancel: () => {} }) as { arranged: Arranged }
    const arm = (): void => {
      handle.arranged = owned().loop.after(ms, machine, 'interval', () => {
        arm()
        work()
      })
    }
    arm()
    return handle
  }
  Object.assign(globalThis, {
    setTimeout: (work: () => void, ms = 0) => handleOf(later(ms, 'timeout', work)),
    setImmediate: (work: () => void) => handleOf(later(0, 'immediate', work)),
    setInterval: every,
    clearTimeout: stop,
    clearImmediate: stop,
    clearInterval: stop,
  })
  Date.now = () => START_MS + owned().loop.nowMs
  performance.now = () => owned().loop.nowMs
  Math.random = () => owned().ids.next()
  const bytes = (size: number): Buffer => {
    const made = Buffer.alloc(size)
    owned().ids.fill(made)
    return made
  }
  Object.assign(crypto, {
    randomBytes: bytes,
    randomUUID: () => uuidOf(bytes(16)),
    randomFillSync: (buffer: Uint8Array) => {
      owned().salts.fill(buffer)
      return buffer
    },
    randomInt: (below: number) => owned().ids.int(below),
  })
  syncBuiltinESMExports()
}

/** Version 4 (RFC 9562, section 5.4). */
function uuidOf(bytes: Buffer): string {
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
