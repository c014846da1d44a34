import { type Clock, type Log, type Timer, toAzoraError } from '@azora/base'
import type { Entry } from '@azora/contracts'
import type { Journal } from '@azora/journal'
import type { BudgetStore } from '../store/budgets.ts'
import { createLedger, type Ledger } from './ledger.ts'

const PAGE = 2_000
/** What happens within so much time is kept at once; after a crash it is read from the journal again. */
const KEEP_MS = 1_000

export interface FollowDeps {
  journal: Pick<Journal, 'read' | 'status' | 'subscribe'>
  store: BudgetStore
  clock: Pick<Clock, 'after'>
  log: Log
}

/** A ledger that holds all that the journal holds, from where it was last kept. */
export async function followLedger({ journal, store, clock, log }: FollowDeps): Promise<{
  ledger: Ledger
  stop(): Promise<void>
}> {
  const { shard } = journal.status()
  const kept = await store.load(shard)
  const ledger = createLedger(kept)
  let next = kept.next
  let keptNext = kept.next
  let arriving: Entry[] | undefined = []
  let timer: Timer | undefined
  let working: Promise<void> = Promise.resolve()
  let stopped = false

  function take(entries: readonly Entry[]): void {
    for (const entry of entries) {
      if (entry.header.index < next) continue
      ledger.apply(entry)
      next = entry.header.index + 1
    }
    if (!stopped) timer ??= clock.after(KEEP_MS, () => void keep())
  }
  function keep(): Promise<void> {
    timer?.cancel()
    timer = undefined
    working = working.then(async () => {
      const changes = ledger.changes()
      const upTo = next
      const isChanged = changes.used.length + changes.open.length > 0
      if (!isChanged && upTo - keptNext < (stopped ? 1 : PAGE)) return
      try {
        await store.keep(shard, upTo, changes)
        keptNext = upTo
      } catch (thrown) {
        ledger.again(changes)
        if (stopped) return
        log.warn({ err: toAzoraError(thrown) }, 'what is used of the budgets could not be kept; trying again')
        timer ??= clock.after(KEEP_MS, () => void keep())
      }
    })
    return working
  }

  const unsubscribe = journal.subscribe((entries) => {
    if (arriving) arriving.push(...entries)
    else take(entries)
  })
  const size = journal.status().size
  while (next < size) take(await journal.read(next, Math.min(PAGE, size - next)))
  take(arriving)
  arriving = undefined
  return {
    ledger,
    async stop() {
      stopped = true
      unsubscribe()
      await keep()
    },
  }
}
