import { type Clock, type Log, toAzoraError } from '@azora/base'
import type { Entry, ReviewView } from '@azora/contracts'
import type { Journal } from '@azora/journal'
import { type Message, messageOf, SENT_KINDS, type SentKind } from './message.ts'

export interface ReviewWebhookDeps {
  journal: Pick<Journal, 'append' | 'scan' | 'subscribe'>
  /** The reviews of a run that wait. */
  reviewsOf: (tenant: string, runId: string) => Promise<ReviewView[]>
  key: Buffer
  send: (message: Message) => Promise<void>
  clock: Clock
  log: Log
  /** Wait before a message is tried again. */
  retryMs?: (tries: number) => number
}

export interface ReviewWebhook {
  stop(): Promise<void>
}

/** Older ones are of no use to anybody any more. */
const AGE_MS_MAX = 24 * 3_600_000
const WAITING_MAX = 10_000
const SYSTEM = 'system:review-webhook'

/** Doubles from a second to five minutes, with jitter so that many servers don't come back at one moment. */
const backoffMs = (tries: number): number => Math.min(300_000, 1_000 * 2 ** tries) * (0.5 + Math.random() / 2)

/**
 * Tells a receiver of every review that is asked for, decided or expired: each at least once, in the order of the log, also
 * over a restart. What was delivered is in the log, and the rest is found there.
 */
export async function startReviewWebhook(deps: ReviewWebhookDeps): Promise<ReviewWebhook> {
  const { journal, clock, log, retryMs = backoffMs } = deps
  const waiting: Array<Entry<SentKind>> = []
  const stopping = new AbortController()
  let wake = (): void => {}

  const unsubscribe = journal.subscribe((entries) => {
    for (const entry of entries) if (isSent(entry)) waiting.push(entry)
    if (waiting.length > WAITING_MAX)
      log.error({ dropped: waiting.splice(0, waiting.length - WAITING_MAX).length }, 'the review webhook is too slow')
    wake()
  })
  const missed = await undelivered(journal, clock.now() - AGE_MS_MAX)
  const known = new Set(waiting.map(({ header }) => header.index))
  waiting.unshift(...missed.filter(({ header }) => !known.has(header.index)))

  async function deliver(entry: Entry<SentKind>): Promise<void> {
    const { header } = entry
    for (let tries = 0; !stopping.signal.aborted; tries += 1) {
      try {
        await deps.send(messageOf(entry, await reviewOf(deps, entry), deps.key, clock.now()))
        await journal.append({
          kind: 'review.notified',
          tenant: header.tenant,
          actor: SYSTEM,
          payload: { index: header.index, tries: tries + 1 },
          key: `notified:${header.index}`,
        })
        return
      } catch (thrown) {
        log.warn({ err: toAzoraError(thrown), entry: header.index, tries }, 'the review webhook was not delivered')
        if (clock.now() - Date.parse(header.at) > AGE_MS_MAX) return
        await pause(retryMs(tries), stopping.signal)
      }
    }
  }

  const work = (async () => {
    while (!stopping.signal.aborted) {
      const next = waiting.shift()
      if (next) await deliver(next)
      else
        await new Promise<void>((resolve) => {
          wake = resolve
        })
    }
  })()

  return {
    async stop() {
      unsubscribe()
      stopping.abort()
      wake()
      await work
    },
  }
}

const isSent = (entry: Entry): entry is Entry<SentKind> & Entry =>
  (SENT_KINDS as readonly string[]).includes(entry.header.kind)

/** What is in the log and not known to be delivered. */
async function undelivered(journal: Pick<Journal, 'scan'>, sinceMs: number): Promise<Array<Entry<SentKind>>> {
  const open = new Map<number, Entry<SentKind>>()
  for (let after = -1; ; ) {
    const page = await journal.scan([...SENT_KINDS, 'review.notified'], after)
    if (page.length === 0) return [...open.values()]
    for (const { index, kind, header, payload } of page) {
      after = index
      if (payload === null) continue
      if (kind === 'review.notified') open.delete(JSON.parse(payload).index)
      else {
        const entry = { header: JSON.parse(header), payload: JSON.parse(payload), salt: '' } as Entry<SentKind>
        if (Date.parse(entry.header.at) >= sinceMs) open.set(index, entry)
      }
    }
  }
}

/** The review as people see it, while it waits. */
async function reviewOf({ reviewsOf }: ReviewWebhookDeps, { header, payload }: Entry<SentKind>) {
  if (header.kind !== 'review.requested' || !header.run) return undefined
  return (await reviewsOf(header.tenant, header.run)).find(({ reviewId }) => reviewId === payload.reviewId)
}

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(done, ms)
    function done(): void {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    signal.addEventListener('abort', done, { once: true })
  })
