import { generateKeyPairSync, randomBytes } from 'node:crypto'
import type { Action, EntryHeader, EntryKind, JsonObject, Permission, Receipt } from '@azora/contracts'
import {
  canonical,
  createSigner,
  digestOf,
  EMPTY_FRONTIER,
  extend,
  type Hash,
  inclusionPath,
  leafOf,
  payloadDigest,
  rootOf,
  type Signer,
  signCheckpoint,
  toBase64,
} from '@azora/proof'

const SHARD = 'azora.test/shard-0'
/** The life of the node that proofs are for, where a test says nothing else. */
export const INSTANCE = 'instance-1'
export const AUDIENCE = `node-1/${INSTANCE}`

/** What is written into the log; everything has a default that a node accepts. */
interface Writing {
  kind?: EntryKind
  at?: string
  payload: JsonObject
}

/** A journal of one batch: real entries, a real tree and a real signature over it. */
export interface TestLog {
  signer: Signer
  /** Receipts for the entries of a batch, whose other entries are there only to give the tree a shape. */
  commit(writing: Writing): Receipt
}

export function createTestLog(signer: Signer = newSigner()): TestLog {
  return {
    signer,
    commit({ kind = 'action.verified', at = new Date().toISOString(), payload }) {
      const index = 3
      const entries = [0, 1, 2, 3, 4].map((i) =>
        i === index ? entryOf(i, kind, at, payload) : entryOf(i, 'run.started', at, {}),
      )
      const nodes = new Map<string, Hash>()
      const frontier = extend(
        EMPTY_FRONTIER,
        entries.map(({ header }) => leafOf(header)),
        (level, position, hash) => nodes.set(`${level}/${position}`, hash),
      )
      const path = inclusionPath(index, frontier.size, (level, position) => nodes.get(`${level}/${position}`) as Hash)
      const checkpoint = signCheckpoint({ origin: SHARD, size: frontier.size, root: rootOf(frontier) }, signer)
      const entry = entries[index] as ReturnType<typeof entryOf>
      return { entry, inclusion: { index, path: path.map(toBase64) }, checkpoint }
    },
  }
}

export const newSigner = (): Signer => createSigner(SHARD, generateKeyPairSync('ed25519').privateKey)

function entryOf(index: number, kind: EntryKind, at: string, payload: JsonObject) {
  const salt = randomBytes(16).toString('hex')
  const header: EntryHeader = {
    shard: SHARD,
    index,
    kind,
    tenant: 'default',
    actor: 'system:orchestrator',
    at,
    payloadDigest: payloadDigest(salt, canonical(payload)),
  }
  return { header, payload, salt }
}

/** The payload of a verdict that allows an action, and permits it for a minute. */
export function allowing(action: Action, changes: Partial<Permission> = {}) {
  const permission: Permission = {
    actionDigest: digestOf(action),
    expiresAt: new Date(Date.now() + 60_000).toISOString(),
    nonce: randomBytes(16).toString('hex'),
    audience: AUDIENCE,
    ...changes,
  }
  const result = { verdict: 'allow', score: 100, reasons: [], constitution: 'c'.repeat(64) }
  return { action, result, permission }
}
