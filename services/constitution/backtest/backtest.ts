import { AzoraError, type Log, toAzoraError } from '@azora/base'
import { BacktestRequest, type BacktestResult } from '@azora/contracts'
import type { Journal, ScannedEntry } from '@azora/journal'
import { JUDGED_KINDS } from './rejudge.ts'
import { type JudgeThread, startJudgeThread } from './thread.ts'

export interface BacktestOptions {
  /** Cancels it. */
  signal?: AbortSignal
  onProgress?: (progress: BacktestProgress) => void
}

export interface BacktestProgress {
  /** Entries of the journal that were passed, of `size`. */
  position: number
  size: number
  judged: number
}

export interface BacktestDeps {
  journal: Pick<Journal, 'scan' | 'read' | 'status'>
  /** Selects the layers of the draft that hold in it. */
  environment?: string | undefined
  log: Log
}

/**
 * Judges what is on record by a draft, in a thread of its own, one backtest at a time; nothing is done and nothing is
 * recorded. Throws `law_invalid`, `backtest_running`, `backtest_cancelled`.
 */
export function createBacktester({ journal, environment, log }: BacktestDeps) {
  let running = false
  return async (given: BacktestRequest, options: BacktestOptions = {}): Promise<BacktestResult> => {
    const { files, since, examples } = BacktestRequest.parse(given)
    if (running) throw busy()
    running = true
    const startedMs = performance.now()
    const thread = startJudgeThread({ files, environment, examples })
    const cancel = (): void => void thread.close(cancelled())
    options.signal?.addEventListener('abort', cancel, { once: true })
    try {
      if (options.signal?.aborted) throw cancelled()
      await thread.ready()
      const from = since === undefined ? 0 : await firstSince(journal, Date.parse(since))
      await judgeAll(journal, thread, from, options)
      const result = { ...(await thread.finish()), durationMs: performance.now() - startedMs }
      log.info({ draft: result.draft, judged: result.judged, ms: result.durationMs }, 'a backtest ended')
      return result
    } catch (thrown) {
      if (toAzoraError(thrown).advice === 'bug') log.error({ err: thrown }, 'a backtest failed')
      throw thrown
    } finally {
      options.signal?.removeEventListener('abort', cancel)
      await thread.close(cancelled())
      running = false
    }
  }
}

/** The journal as it is now, page by page: the next one is read while one is judged. */
async function judgeAll(
  journal: BacktestDeps['journal'],
  thread: JudgeThread,
  from: number,
  { onProgress, signal }: BacktestOptions,
): Promise<void> {
  const { size } = journal.status()
  let judging = Promise.resolve(0)
  let after = from - 1
  for (;;) {
    const page: ScannedEntry[] = (await journal.scan(JUDGED_KINDS, after)).filter(({ index }) => index < size)
    const judged = await judging
    if (signal?.aborted) throw cancelled()
    onProgress?.({ position: page.length === 0 ? size : after + 1, size, judged })
    const last = page.at(-1)
    if (!last) return
    after = last.index
    judging = thread.judge(page)
    // It is awaited in the next round, which a failing read would never reach.
    judging.catch(() => undefined)
  }
}

/** Index of the first entry at or after a time (milliseconds since 1970). Time never runs backwards in a journal. */
async function firstSince(journal: Pick<Journal, 'read' | 'status'>, ms: number): Promise<number> {
  let low = 0
  let high = journal.status().size
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const [entry] = await journal.read(middle, 1)
    if (entry && Date.parse(entry.header.at) < ms) low = middle + 1
    else high = middle
  }
  return low
}

const busy = (): AzoraError =>
  new AzoraError('conflict', 'backtest_running', 'another backtest is running', {
    remedy: 'Wait until it ends, or stop the command that started it.',
  })

const cancelled = (): AzoraError => new AzoraError('cancelled', 'backtest_cancelled', 'the backtest was cancelled')
