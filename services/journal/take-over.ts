import { ENTRY_PAYLOADS, type KeyEndorsement } from '@azora/contracts'
import { EMPTY_ROOT, type Frontier, signCheckpoint } from '@azora/proof'
import type { JournalStores, OpenJournalDeps } from './journal.ts'
import { assertSigned, corrupt, readLastHeader } from './opening.ts'
import { createVault, type Vault } from './payloads/vault.ts'
import type { Published } from './publish/port.ts'
import { assertPublished } from './publish/prefix.ts'
import { PAGE } from './reader.ts'
import { createSigning, type Signing, verifiersOf } from './signing.ts'
import type { JournalStore } from './store/port.ts'

/** A shard that nobody else appends to any more, and that was found to be what was signed. */
export interface TakenOver {
  shard: string
  epoch: number
  store: JournalStore
  vault: Vault
  signing: Signing
  frontier: Frontier
  /** When its last entry was appended, in milliseconds since 1970; 0 for an empty log. */
  lastMs: number
  published: Published | undefined
}

/** Fences off whoever had the shard. Throws `journal_key_mismatch` or `journal_corrupt`. */
export async function takeOver(deps: OpenJournalDeps, stores: JournalStores): Promise<TakenOver> {
  const { signer, keys, clock } = deps
  const shard = signer.verifier.name
  const vault = createVault(stores.dataKeys, deps.encryption, clock)
  const store = await stores.entries(vault)
  await vault.load()
  await assertOurs(store, deps)
  const {
    epoch,
    size,
    frontier: roots,
    checkpoint,
  } = await store.acquire(shard, () => ({
    checkpoint: signCheckpoint({ origin: shard, size: 0, root: EMPTY_ROOT }, signer),
  }))
  const frontier = { size, roots }
  const signing = await readSigning(store, deps)
  assertSigned(checkpoint, verifiersOf(signing), frontier)
  await keys?.settle(signing.active, signing.retiringAt(clock.now())?.verifier)
  const last = await readLastHeader(store, shard, frontier)
  const published = await stores.checkpoints.newest(shard)
  await assertPublished(published, { shard, store, frontier, verifiers: verifiersOf(signing) })
  return { shard, epoch, store, vault, signing, frontier, lastMs: last ? Date.parse(last.at) : 0, published }
}

/** Whoever lacks the key that signed the log is turned away before it fences off the server that has it. */
async function assertOurs(store: JournalStore, deps: OpenJournalDeps): Promise<void> {
  const head = await store.head(deps.signer.verifier.name)
  if (!head) return
  const signing = await readSigning(store, deps)
  assertSigned(head.checkpoint, verifiersOf(signing), { size: head.size, roots: head.frontier })
}

const readSigning = async (store: JournalStore, { signer, keys }: OpenJournalDeps): Promise<Signing> =>
  createSigning([signer, ...(keys?.signers() ?? [])], await readChain(store, signer.verifier.name))

/** The endorsements of the shard's keys, oldest first. */
async function readChain(store: JournalStore, shard: string): Promise<KeyEndorsement[]> {
  const chain: KeyEndorsement[] = []
  let after = -1
  for (;;) {
    const rows = await store.readKinds(shard, ['journal.key_rotated'], { after, ...PAGE })
    for (const row of rows) {
      const rotated = ENTRY_PAYLOADS['journal.key_rotated'].safeParse(JSON.parse(row.payload ?? 'null'))
      if (!rotated.success) throw corrupt(shard, `entry ${row.index} changes its key, and can't be read`)
      chain.push(rotated.data.endorsement)
      after = row.index
    }
    if (rows.length === 0) return chain
  }
}
