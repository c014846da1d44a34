import { Worker } from 'node:worker_threads'
import { AzoraError } from '@azora/base'
import type { BacktestResult } from '@azora/contracts'
import type { ScannedEntry } from '@azora/journal'
import type { BacktestJob, FromWorker, ToWorker } from './protocol.ts'

/** A draft that judges in a thread of its own. */
export interface JudgeThread {
  /** Resolves when the draft was found to be a law. Throws `law_invalid`. */
  ready(): Promise<void>
  /** Resolves with how many entries were judged in all. */
  judge(page: ScannedEntry[]): Promise<number>
  finish(): Promise<Omit<BacktestResult, 'durationMs'>>
  /** Ends it at once, whatever it does; who waits for it is told so. */
  close(error: AzoraError): Promise<unknown>
}

const MEMORY_MB_MAX = 512
const MODULE = new URL('./worker.ts', import.meta.url)

interface Waiting {
  resolve(message: FromWorker): void
  reject(error: AzoraError): void
}

/** The thread answers each message once, in order. */
export function startJudgeThread(job: BacktestJob): JudgeThread {
  const worker = new Worker(MODULE, {
    workerData: job,
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB_MAX },
    execArgv: [],
    // It needs nothing of the server's.
    env: {},
  })
  const waiting: Waiting[] = []
  let ended: AzoraError | undefined
  const end = (error: AzoraError): void => {
    ended ??= error
    for (const { reject } of waiting.splice(0)) reject(ended)
  }
  worker.on('message', (message: FromWorker) => {
    if (message.type === 'refused') end(new AzoraError('fix', message.code, message.message))
    else waiting.shift()?.resolve(message)
  })
  worker.on('error', (thrown) => end(died(thrown instanceof Error ? thrown.message : String(thrown))))
  worker.on('exit', () => end(died('it ended')))

  const answer = (): Promise<FromWorker> => {
    if (ended) return Promise.reject(ended)
    return new Promise((resolve, reject) => waiting.push({ resolve, reject }))
  }
  const ask = (message: ToWorker): Promise<FromWorker> => {
    const answered = answer()
    worker.postMessage(message)
    return answered
  }
  const ready = answer()
  ready.catch(() => undefined)
  return {
    ready: async () => {
      await ready
    },
    async judge(page) {
      const message = await ask(page)
      return message.type === 'judged' ? message.judged : 0
    },
    async finish() {
      const message = await ask('end')
      if (message.type === 'result') return message.result
      throw died('it gave no result')
    },
    close(error) {
      end(error)
      return worker.terminate()
    },
  }
}

const died = (why: string): AzoraError =>
  new AzoraError('bug', 'backtest_failed', `the thread that judges the draft failed: ${why}`)
