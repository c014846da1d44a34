import { AzoraError, type Clock, createTokenBuckets } from '@azora/base'
import type { AdmissionLimits, Entry } from '@azora/contracts'
import type { Journal } from '@azora/journal'

/** Where runs are accepted or turned away. */
export interface Door {
  /**
   * Lets one run of the tenant in while `accept` makes it durable.
   *
   * @param isChild it comes in where the queue is full, and counts there: its parent waits for it, and what fills the queue
   * may wait for the parent
   * @throws AzoraError `rate_limited`, `queue_full` (429), `overloaded` (503), with the time after which to ask again
   */
  admit<T>(tenant: string, accept: () => Promise<T>, isChild?: boolean): Promise<T>
  close(): void
}

export interface DoorDeps {
  journal: Pick<Journal, 'subscribe'>
  limits: () => AdmissionLimits
  clock: Pick<Clock, 'now'>
  /** Runs of each tenant that wait to start now. */
  waiting: ReadonlyMap<string, number>
}

const RETRY_MS = 1_000

/** Counts runs in the state `scheduled` by the headers of the log, so that the count is that of the log at any moment. */
export function createDoor({ journal, limits, clock, waiting }: DoorDeps): Door {
  const counts = new Map(waiting)
  let total = [...counts.values()].reduce((sum, count) => sum + count, 0)
  const buckets = createTokenBuckets(clock.now)

  function add(tenant: string, change: number): void {
    const count = (counts.get(tenant) ?? 0) + change
    if (count > 0) counts.set(tenant, count)
    else counts.delete(tenant)
    total += change
  }

  const close = journal.subscribe((entries) => {
    for (const { header } of entries) add(header.tenant, changeOf(header.transition))
  })

  function assertRoom(tenant: string): void {
    const { queue, tenants, everyTenant } = limits()
    if (total >= queue)
      throw new AzoraError('retry', 'overloaded', `${total} runs wait to start; the server takes no more`, {
        retryAfterMs: RETRY_MS,
      })
    const most = tenants[tenant]?.queue ?? everyTenant.queue
    const count = counts.get(tenant) ?? 0
    if (most !== undefined && count >= most)
      throw new AzoraError(
        'retry',
        'queue_full',
        `${count} runs of tenant ${tenant} wait to start; it may have ${most}`,
        {
          retryAfterMs: RETRY_MS,
        },
      )
  }

  function assertRate(tenant: string): void {
    const { tenants, everyTenant } = limits()
    const rate = tenants[tenant]?.rate ?? everyTenant.rate
    if (!rate) return
    const { waitMs } = buckets.take(tenant, { perSecond: rate.runs / rate.seconds, burst: rate.burst })
    if (waitMs > 0)
      throw new AzoraError(
        'retry',
        'rate_limited',
        `tenant ${tenant} may start ${rate.runs} runs in ${rate.seconds} s, and up to ${rate.burst} at once`,
        { retryAfterMs: waitMs },
      )
  }

  return {
    async admit(tenant, accept, isChild = false) {
      if (!isChild) assertRoom(tenant)
      assertRate(tenant)
      // Counted until its entry counts instead, so that many at one time are not more than may wait.
      add(tenant, 1)
      try {
        return await accept()
      } finally {
        add(tenant, -1)
      }
    },
    close,
  }
}

function changeOf(transition: Entry['header']['transition']): number {
  if (!transition) return 0
  return (transition.to === 'scheduled' ? 1 : 0) - (transition.from === 'scheduled' ? 1 : 0)
}
