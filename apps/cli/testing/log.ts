import { generateKeyPairSync, randomBytes } from 'node:crypto'
import type { EntryKind, EntryRecord, EvidenceBundle, RunState } from '@azora/contracts'
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
  toBase64,
} from '@azora/proof'

export const RUN = '01920000-0000-7000-8000-000000000001'
const START_MS = Date.UTC(2026, 0, 1)

/** A journal of one run, signed with a key of its own. */
export interface TestLog {
  entries: EntryRecord[]
  key: string
  add(kind: EntryKind, payload: Record<string, unknown>, to?: RunState): EntryRecord
  bundle(): EvidenceBundle
}

export function createTestLog(): TestLog {
  const signer = createSigner('azora.test/main', generateKeyPairSync('ed25519').privateKey)
  const entries: EntryRecord[] = []
  let state: RunState | undefined

  function add(kind: EntryKind, payload: Record<string, unknown>, to?: RunState): EntryRecord {
    const salt = randomBytes(16).toString('hex')
    // Through JSON, as it reaches a client.
    const entry = JSON.parse(
      JSON.stringify({
        header: {
          shard: 'main',
          index: entries.length,
          kind,
          tenant: 'default',
          actor: 'user:owner',
          at: new Date(START_MS + entries.length * 500).toISOString(),
          run: RUN,
          runIndex: entries.length,
          transition: to === undefined ? undefined : { from: state, to },
          payloadDigest: payloadDigest(salt, canonical(payload)),
        },
        payload,
        salt,
      }),
    ) as EntryRecord
    state = to ?? state
    entries.push(entry)
    return entry
  }

  function bundle(): EvidenceBundle {
    const nodes = new Map<string, Hash>()
    const leaves = entries.map(({ header }) => leafOf(header))
    const tree = extend(EMPTY_FRONTIER, leaves, (level, index, hash) => nodes.set(`${level}/${index}`, hash))
    const node = (level: number, index: number): Hash => nodes.get(`${level}/${index}`) ?? Buffer.alloc(0)
    const proved = entries.map((entry, index) => ({
      entry,
      inclusion: { index, path: inclusionPath(index, tree.size, node).map(toBase64) },
    }))
    const checkpoint = signCheckpoint({ origin: 'main', size: tree.size, root: rootOf(tree) }, signer)
    return { format: 'azora.evidence.v1', runId: RUN, journalKey: signer.verifier.text, checkpoint, entries: proved }
  }

  return { entries, key: signer.verifier.text, add, bundle }
}
