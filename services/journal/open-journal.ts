import { randomUUID } from 'node:crypto'
import { AzoraError } from '@azora/base'
import type { Entry } from '@azora/contracts'
import type { Draft } from './draft.ts'
import { exportLog } from './export.ts'
import { watchFence } from './fence-watch.ts'
import {
  ERASED_AT_ONCE_MAX,
  type Journal,
  type JournalDeps,
  type JournalStores,
  type OpenJournalDeps,
} from './journal.ts'
import { createLifecycle } from './lifecycle.ts'
import { createListeners } from './listeners.ts'
import { createPatience } from './patience.ts'
import { createLogProofs } from './proofs.ts'
import { type ProveDeps, proveEntries } from './prove.ts'
import { nextPublished } from './publish/next.ts'
import { createPublisher, type Publisher, viewOf } from './publish/publisher.ts'
import { createReader } from './reader.ts'
import { createRotation } from './rotation.ts'
import { verifiersOf } from './signing.ts'
import { createCheckpointStore } from './store/checkpoints.ts'
import { createDataKeyStore } from './store/data-keys.ts'
import { createPostgresStore } from './store/postgres.ts'
import { type TakenOver, takeOver } from './take-over.ts'
import { proveConsistency } from './tree.ts'
import { createWriter } from './writer.ts'

const PUBLISHED_MAX = 100

/** {@link openJournal} in PostgreSQL. */
export const createJournal = ({ db, ...deps }: JournalDeps): Promise<Journal> =>
  openJournal(deps, {
    entries: (payloads) => createPostgresStore(db, payloads),
    checkpoints: createCheckpointStore(db),
    dataKeys: createDataKeyStore(db),
  })

/** Takes the shard over and opens it for appending. */
export async function openJournal(deps: OpenJournalDeps, stores: JournalStores): Promise<Journal> {
  const { clock, log } = deps
  const { checkpoints } = stores
  const taken = await takeOver(deps, stores)
  const { shard, epoch, store, vault, signing, frontier, lastMs } = taken
  const publisher = await publish(deps, stores, taken)
  const listeners = createListeners(log)
  let { size } = frontier
  const onCommit = (entries: Entry[]): void => {
    size += entries.length
    for (const entry of entries) signing.onCommit(entry)
    publisher.onCommit()
    listeners.tell(entries)
  }
  const patience = createPatience(log)
  const writer = createWriter(
    { store, lifecycle: createLifecycle(store), signing, clock, patience, onCommit, onFenced: deps.onFenced },
    { shard, epoch, frontier, lastMs },
  )
  const rotation = createRotation({ shard, keys: deps.keys, signing, writer, clock, log })
  rotation.watch()
  const fence = watchFence({
    epoch,
    head: () => store.head(shard),
    clock,
    log,
    onTaken: () => writer.fence(),
  })

  const proving: ProveDeps = {
    shard,
    store,
    published: (after) => checkpoints.page(shard, after, PUBLISHED_MAX).then((page) => page.map(viewOf)),
    nextPublished: () => nextPublished(publisher),
    active: () => signing.active,
  }
  return {
    append: (draft) => writer.append(draft as Draft),
    ...createReader(store, shard, () => size),
    async erase(indexes, by) {
      if (by >= size || indexes.length > ERASED_AT_ONCE_MAX || indexes.some((index) => index >= by))
        throw new AzoraError('bug', 'erasure_unrecorded', `entry ${by} can't be why others are erased`)
      await store.erase({ shard, epoch, indexes, by })
    },
    subscribe: listeners.add,
    prove: (indexes, bytesMax) => proveEntries(proving, indexes, bytesMax),
    attest: (make) => make(signing.activeSigner),
    export: (range) =>
      exportLog(
        {
          shard,
          store,
          checkpoint: () => publisher.newest(),
          keys: () => verifiersOf(signing).map(({ text }) => text),
        },
        range,
      ),
    status: () => ({ shard, size, epoch, key: signing.active.text }),
    trouble: patience.trouble,
    keys: () => signing.views(clock.now()),
    keyChain: () => [...signing.chain],
    rotateKey: (request) => rotation.rotate(request),
    async rotatePayloadKey({ tenant, actor }) {
      const key = randomUUID()
      await vault.rotate(tenant, key)
      await writer.append({ kind: 'journal.payload_key_rotated', tenant, actor, payload: { key } })
      return vault.keys(tenant)
    },
    payloadKeys: vault.keys,
    texts: vault.texts,
    publishedCheckpoint: () => publisher.newest(),
    publishedCheckpoints: async (after, limit) => (await checkpoints.page(shard, after, limit)).map(viewOf),
    proveConsistency: (from, to) => proveConsistency(store, shard, from, to),
    proofs: createLogProofs({ shard, store, size: () => size, published: () => publisher.newest() }),
    onPublished: (listener) => publisher.subscribe(listener),
    cosign: (cosignature) => publisher.cosign(cosignature),
    async close() {
      fence.stop()
      rotation.stop()
      await writer.close()
      await publisher.close()
    },
  }
}

const publish = (
  { clock, log, publishEveryMs }: OpenJournalDeps,
  { checkpoints }: JournalStores,
  { shard, epoch, store, signing, published }: TakenOver,
): Promise<Publisher> =>
  createPublisher(
    {
      ...{ shard, epoch, checkpoints, clock, log },
      head: async () => {
        const now = await store.head(shard)
        return now?.epoch === epoch ? now.checkpoint : undefined
      },
      verifiers: () => verifiersOf(signing),
      everyMs: publishEveryMs,
    },
    published,
  )
