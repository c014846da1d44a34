import { AzoraError, type Clock, type Log, toAzoraError } from '@azora/base'
import type { Entry, EntryKind, EntryRanges } from '@azora/contracts'
import { type Draft, ERASED_AT_ONCE_MAX, type Journal } from '@azora/journal'
import { groupsOf } from './ranges.ts'
import { rowsIn } from './rows.ts'

/** A run that lost payloads. */
export interface ErasedRun {
  tenant: string
  runId: string
  /** Kinds of the entries that lost theirs. */
  kinds: ReadonlySet<EntryKind>
}

/** Something that was made from entries, and has to go with them. */
export interface Derived {
  /** What it is, for the log. */
  name: string
  /** Removes what was made from payloads that are gone now; doing it again is harmless. */
  forget(runs: readonly ErasedRun[]): Promise<void>
}

export interface WorkerDeps {
  journal: Pick<Journal, 'append' | 'erase' | 'last' | 'scan'>
  derived: readonly Derived[]
  clock: Clock
  log: Log
  /** Wait before a part that failed is tried again. */
  retryMs?: ((tries: number) => number) | undefined
  /** Payloads that are removed in one step. */
  atOnce?: number | undefined
}

export interface Begun {
  /** Index of the `erasure.requested`. */
  index: number
  /** Resolves when everything is gone. */
  done: Promise<void>
}

/** Carries out erasures one after the other, so that at most one is open at any time. */
export interface Worker {
  /**
   * Puts an erasure on record as soon as the one before it is finished, and carries it out.
   *
   * @param make the draft as it fits the log when its turn has come; undefined when there is nothing to erase any more
   * @throws AzoraError `erasure_busy` when one can't be finished at the moment, or too many wait
   */
  begin(make: () => Promise<Draft<'erasure.requested'> | undefined>): Promise<Begun | undefined>
  /** Finishes what an earlier server began. Resolves with false when there was nothing. */
  resume(): Promise<boolean>
  stop(): Promise<void>
}

const WAITING_MAX = 16
const SYSTEM = 'system:erasure'
const FINAL = new Set(['journal_closed', 'journal_fenced', 'journal_diverged'])
const backoffMs = (tries: number): number => Math.min(60_000, 250 * 2 ** tries)

export function createWorker(deps: WorkerDeps): Worker {
  const { journal, log, retryMs = backoffMs, atOnce = ERASED_AT_ONCE_MAX } = deps
  const stopping = new AbortController()
  let last: Promise<unknown> = Promise.resolve()
  let waiting = 0
  let trouble: AzoraError | undefined

  /** Each waits for the one before it, also when that one failed. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    waiting += 1
    const next = last.then(work).finally(() => {
      waiting -= 1
    })
    last = next.catch(() => undefined)
    return next
  }

  /** Tries until it works or the server stops: what is on record has to happen. */
  async function surely(what: string, work: () => Promise<unknown>): Promise<void> {
    for (let tries = 0; !stopping.signal.aborted; tries += 1) {
      try {
        await work()
        trouble = undefined
        return
      } catch (thrown) {
        const error = toAzoraError(thrown)
        if (FINAL.has(error.code)) throw error
        trouble = error
        log.warn({ err: error, what, tries }, 'an erasure could not go on; it is tried again')
        await pause(retryMs(tries), stopping.signal)
      }
    }
    throw new AzoraError('retry', 'journal_closed', 'the server is stopping', { retryAfterMs: 2_000 })
  }

  async function carryOut({ header, payload }: Pick<Entry<'erasure.requested'>, 'header' | 'payload'>): Promise<void> {
    const { entries, erasureId } = payload.statement
    for (const group of groupsOf(entries, atOnce)) await surely('payloads', () => journal.erase(group, header.index))
    let runs: ErasedRun[] = []
    await surely('runs', async () => {
      runs = await runsOf(journal, header.tenant, entries)
    })
    for (const { name, forget } of deps.derived) await surely(name, () => forget(runs))
    await surely('completion', () =>
      journal.append({
        kind: 'erasure.completed',
        tenant: header.tenant,
        actor: SYSTEM,
        payload: { erasureId, requested: header.index },
        key: `erasure-completed:${header.index}`,
      }),
    )
    log.info({ erasureId, index: header.index, count: payload.count }, 'payloads were erased')
  }

  /** Carries out what is on record and not done. Resolves with false when there is nothing. */
  async function finishOpen(): Promise<boolean> {
    const requested = await journal.last('erasure.requested')
    const completed = await journal.last('erasure.completed')
    if (!requested || completed?.payload.requested === requested.header.index) return false
    log.warn({ index: requested.header.index }, 'an erasure was interrupted; it goes on')
    await carryOut(requested)
    return true
  }

  return {
    begin(make) {
      if (trouble || waiting >= WAITING_MAX) return Promise.reject(busy(trouble))
      return new Promise((resolve, reject) => {
        inTurn(async () => {
          // The one before may be on record although its caller was told that it could not be.
          await finishOpen()
          const draft = await make()
          if (!draft) return resolve(undefined)
          const { header, duplicate } = await journal.append(draft)
          if (duplicate) throw known()
          const done = carryOut({ header: header as Entry<'erasure.requested'>['header'], payload: draft.payload })
          resolve({ index: header.index, done })
          await done
        }).catch(reject)
      })
    },
    resume: () => inTurn(finishOpen),
    async stop() {
      stopping.abort()
      await last
    },
  }
}

async function runsOf(journal: WorkerDeps['journal'], tenant: string, entries: EntryRanges): Promise<ErasedRun[]> {
  const kinds = new Map<string, Set<EntryKind>>()
  for await (const rows of rowsIn(journal, entries)) {
    for (const { run, kind } of rows)
      if (run !== null) kinds.set(run, (kinds.get(run) ?? new Set<EntryKind>()).add(kind))
  }
  return [...kinds].map(([runId, own]) => ({ tenant, runId, kinds: own }))
}

const busy = (trouble: AzoraError | undefined): AzoraError =>
  new AzoraError(
    'retry',
    'erasure_busy',
    trouble ? `an earlier erasure can't go on: ${trouble.message}` : 'too many erasures wait',
    { remedy: 'Try again in a while; the log of the server says more.', retryAfterMs: 10_000 },
  )

const known = (): AzoraError =>
  new AzoraError('conflict', 'erasure_changed', 'there is an erasure with this id already', {
    remedy: 'See what it did: azora audit erasures',
  })

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const timer = setTimeout(done, ms)
    function done(): void {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    signal.addEventListener('abort', done, { once: true })
  })
