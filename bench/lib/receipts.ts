import { generateKeyPairSync, randomBytes } from 'node:crypto'
import type { EntryHeader, VerificationRequest, VerificationResult } from '@azora/contracts'
import {
  canonical,
  createSigner,
  EMPTY_FRONTIER,
  extend,
  type Hash,
  inclusionPath,
  leafOf,
  payloadDigest,
  rootOf,
  signCheckpoint,
} from '@azora/proof'

export interface Decision {
  request: VerificationRequest
  result: VerificationResult
  actionDigest: string
}

const SHARD = 'bench'

/** Seals a batch of decisions as the journal does in one commit, without its database. */
export function createSealer(): (decisions: readonly Decision[]) => string {
  const signer = createSigner(SHARD, generateKeyPairSync('ed25519').privateKey)
  let frontier = EMPTY_FRONTIER
  return (decisions) => {
    const start = frontier.size
    const nodes = new Map<string, Hash>()
    let from = 0
    for (const root of frontier.roots) {
      const level = Math.floor(Math.log2(start - from))
      nodes.set(`${level}:${from / 2 ** level}`, root)
      from += 2 ** level
    }
    const leaves = decisions.map((decision, at) => leafOf(headerOf(decision, start + at)))
    frontier = extend(frontier, leaves, (level, index, hash) => nodes.set(`${level}:${index}`, hash))
    const { size } = frontier
    const checkpoint = signCheckpoint({ origin: SHARD, size, root: rootOf(frontier) }, signer)
    for (const at of decisions.keys()) {
      inclusionPath(start + at, size, (level, index) => nodes.get(`${level}:${index}`) as Hash)
    }
    return checkpoint
  }
}

function headerOf({ request, result, actionDigest }: Decision, index: number): EntryHeader {
  const salt = randomBytes(16).toString('hex')
  const { runId, tenant } = request.action
  return {
    shard: SHARD,
    index,
    kind: 'action.judged' as EntryHeader['kind'],
    tenant,
    actor: 'system:bench',
    at: '2026-01-01T00:00:00.000Z',
    run: runId,
    payloadDigest: payloadDigest(salt, canonical({ actionDigest, result })),
  }
}
