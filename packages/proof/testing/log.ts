import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { ENTRY_PAYLOADS, type EntryHeader, type EntryKind, type ProvenEntry } from '@azora/contracts'
import { toBase64 } from '#crypto'
import { signCheckpoint } from '../checkpoint.ts'
import { canonical, payloadDigest } from '../digest.ts'
import {
  EMPTY_FRONTIER,
  extend,
  type Hash,
  inclusionPath,
  type NodeListener,
  type NodeSource,
  rootOf,
} from '../merkle.ts'
import { leafOf } from '../receipt.ts'
import { createSigner } from '../signing.ts'

/** A tree that keeps all of its nodes. */
export function growTree(leaves: readonly Hash[]) {
  const nodes = new Map<string, Hash>()
  const keep: NodeListener = (level, index, hash) => nodes.set(`${level}:${index}`, hash)
  const root = rootOf(extend(EMPTY_FRONTIER, leaves, keep))
  const nodeAt: NodeSource = (level, index) => nodes.get(`${level}:${index}`) as Hash
  const pathOf = (index: number): Hash[] => inclusionPath(index, leaves.length, nodeAt)
  return { root, nodeAt, pathOf }
}

export const newSigner = (name: string) => createSigner(name, generateKeyPairSync('ed25519').privateKey)

export interface Written {
  kind: EntryKind
  payload: unknown
  at?: string
  transition?: EntryHeader['transition']
}

/** A log of one run with its proofs, made without a journal. */
export function logOf(
  runId: string,
  entries: readonly Written[],
  signer: ReturnType<typeof newSigner>,
): { checkpoint: string; entries: ProvenEntry[] } {
  const shard = signer.verifier.name
  const records = entries.map(({ kind, payload, at, transition }, index) => {
    const salt = randomBytes(16).toString('hex')
    const parsed = ENTRY_PAYLOADS[kind].parse(payload)
    const header: EntryHeader = {
      shard,
      index,
      kind,
      tenant: 'default',
      actor: 'system:test',
      at: at ?? `2026-01-01T00:00:${String(index).padStart(2, '0')}.000Z`,
      run: runId,
      runIndex: index,
      payloadDigest: payloadDigest(salt, canonical(parsed)),
      ...(transition && { transition }),
    }
    return { header, payload: JSON.parse(canonical(parsed)), salt }
  })
  const tree = growTree(records.map(({ header }) => leafOf(header)))
  return {
    checkpoint: signCheckpoint({ origin: shard, size: records.length, root: tree.root }, signer),
    entries: records.map((entry, index) => ({
      entry,
      inclusion: { index, path: tree.pathOf(index).map(toBase64) },
    })),
  }
}
