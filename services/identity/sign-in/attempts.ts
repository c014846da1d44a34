import { AzoraError, type Clock, type Log, toAzoraError } from '@azora/base'
import type { SignInMethod } from '@azora/contracts'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import type { RecordSignIn } from './record.ts'

/** Slows down who fails to sign in, and puts failures on record. */
export interface Attempts {
  /**
   * Does `work` unless the address has failed too often: then throws `too_many_attempts`, which says when to try again.
   *
   * @param address of the caller, as the server sees it
   */
  guard<T>(method: SignInMethod, address: string, work: () => Promise<T>): Promise<T>
  /** Slows down who asks for much without being anybody. Throws `too_many_attempts`. */
  pace(address: string): Promise<void>
  /** Puts what was counted on record. */
  close(): Promise<void>
}

const FAILURES_MAX = 20
const WINDOW_SECONDS = 60
/** Failures of one kind within this time are one entry. */
const RECORD_MS = 10_000
const KINDS_MAX = 100

export function createAttempts(deps: { record: RecordSignIn; tenant: string; clock: Clock; log: Log }): Attempts {
  const { record, tenant, clock, log } = deps
  const limiter = new RateLimiterMemory({ points: FAILURES_MAX, duration: WINDOW_SECONDS })
  const pacer = new RateLimiterMemory({ points: FAILURES_MAX, duration: WINDOW_SECONDS })
  const counted = new Map<string, { method: SignInMethod; code: string; count: number; recordedMs: number }>()
  let timer: NodeJS.Timeout | undefined

  async function flush(all: boolean): Promise<void> {
    const now = clock.now()
    for (const [name, kind] of counted) {
      const { method, code, count, recordedMs } = kind
      if (!all && now - recordedMs < RECORD_MS) continue
      if (count === 0) {
        counted.delete(name)
        continue
      }
      Object.assign(kind, { count: 0, recordedMs: now })
      await record({
        kind: 'sign_in.failed',
        tenant,
        actor: 'system:identity',
        payload: { method, code, count },
      })
    }
    clearTimeout(timer)
    timer = counted.size > 0 && !all ? setTimeout(flushLater, RECORD_MS).unref() : undefined
  }
  const flushLater = (): void =>
    void flush(false).catch((error) => log.error({ err: error }, 'failed sign-ins are not on record'))

  async function failed(method: SignInMethod, code: string): Promise<void> {
    const name = `${method} ${code}`
    const kind = counted.get(name) ?? { method, code, count: 0, recordedMs: Number.NEGATIVE_INFINITY }
    kind.count += 1
    if (counted.size < KINDS_MAX) counted.set(name, kind)
    await flush(false)
  }

  return {
    async guard(method, address, work) {
      const state = await limiter.get(address)
      if (state && state.consumedPoints >= FAILURES_MAX) throw tooMany(state.msBeforeNext)
      try {
        return await work()
      } catch (thrown) {
        const { advice, code } = toAzoraError(thrown)
        if (advice === 'authenticate' || advice === 'forbidden' || advice === 'missing') {
          await limiter.consume(address).catch(ignoreExhausted)
          await failed(method, code)
        }
        throw thrown
      }
    },
    async pace(address) {
      await pacer.consume(address).catch((thrown: unknown) => {
        throw thrown instanceof RateLimiterRes ? tooMany(thrown.msBeforeNext) : thrown
      })
    },
    close: () => flush(true),
  }
}

/** Many at once may use up more than there is: the next is refused. */
function ignoreExhausted(thrown: unknown): void {
  if (!(thrown instanceof RateLimiterRes)) throw thrown
}

const tooMany = (ms: number): AzoraError =>
  new AzoraError('retry', 'too_many_attempts', 'too many sign-ins were tried from this address', {
    remedy: `Try again in ${Math.ceil(ms / 1_000)} s.`,
    retryAfterMs: ms,
  })
