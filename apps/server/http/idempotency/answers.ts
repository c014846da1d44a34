import { AzoraError, type Clock, type Log, openBytes, sealBytes } from '@azora/base'
import type { Db } from '@azora/base/db'
import type { KeyedRequest } from './keyed-request.ts'
import { type AnswerRow, createAnswerStore, KEYS_MAX } from './store/answers.ts'

/** An answer as it is sent again. */
export interface KeptAnswer {
  status: number
  headers: Record<string, string>
  body: string
}

/** Answers to requests with an `Idempotency-Key`, for 24 hours. */
export interface Answers {
  /**
   * The answer that such a request got before; undefined if it is the first one, which then is under way until it is ended,
   * given up or left. Throws `idempotency_key_reused`, `idempotency_in_progress`, `idempotency_outcome_unknown`,
   * `idempotency_answer_not_kept`, `idempotency_keys_too_many`.
   */
  begin(request: KeyedRequest): Promise<KeptAnswer | undefined>
  /** It was done, or refused. Without an answer to keep, a repetition is told only that. Never throws. */
  end(request: KeyedRequest, answer: KeptAnswer | undefined): Promise<void>
  /** Nothing was done: a repetition is a first request. Never throws. */
  giveUp(request: KeyedRequest): Promise<void>
  /** Nobody knows whether it was done, and a repetition is told so. */
  leave(request: KeyedRequest): void
}

const KEPT_MS = 24 * 3_600_000
const PRUNE_MS = 600_000
const ANSWER_BYTES_MAX = 65_536
const RETRY_MS = 1_000
const RETRY_FULL_MS = 600_000

export async function createAnswers({ db, clock, log }: { db: Db; clock: Clock; log: Log }): Promise<Answers> {
  const store = await createAnswerStore(db)
  /** Of what is under way here, by name: the database can't tell it from what another server's end interrupted. */
  const underWay = new Map<string, Buffer>()
  let prunedMs = Number.NEGATIVE_INFINITY
  const keptSinceMs = (): number => clock.now() - KEPT_MS

  function prune(): void {
    if (clock.now() - prunedMs < PRUNE_MS) return
    prunedMs = clock.now()
    store.prune(keptSinceMs()).catch((err) => log.warn({ err }, 'answers that are too old could not be removed'))
  }
  async function settle(request: KeyedRequest, work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (err) {
      log.error({ err }, 'an answer could not be kept: whoever repeats the request is told that its end is unknown')
    }
    underWay.delete(nameOf(request))
  }
  prune()

  return {
    async begin(request) {
      prune()
      const running = underWay.get(nameOf(request))
      if (running) throw running.equals(request.requestMac) ? inProgress() : reused()
      underWay.set(nameOf(request), request.requestMac)
      try {
        if (await store.claim(request, clock.now(), keptSinceMs())) return undefined
        const found = await store.find(request, keptSinceMs())
        if (!found) throw tooMany()
        const answer = answerIn(found, request)
        underWay.delete(nameOf(request))
        return answer
      } catch (thrown) {
        underWay.delete(nameOf(request))
        throw thrown
      }
    },
    end: (request, answer) => settle(request, () => store.end(request, answer && sealed(answer, request), clock.now())),
    giveUp: (request) => settle(request, () => store.remove(request)),
    leave: (request) => void underWay.delete(nameOf(request)),
  }
}

const nameOf = ({ name }: KeyedRequest): string => name.toString('base64')

function sealed(answer: KeptAnswer, { sealingKey, name }: KeyedRequest): Buffer | undefined {
  const plain = Buffer.from(JSON.stringify(answer))
  return plain.length > ANSWER_BYTES_MAX ? undefined : sealBytes(sealingKey, plain, name)
}

function answerIn({ requestMac, hasEnded, sealed }: AnswerRow, request: KeyedRequest): KeptAnswer {
  if (!requestMac.equals(request.requestMac)) throw reused()
  if (!hasEnded) throw outcomeUnknown()
  const plain = sealed && openBytes(request.sealingKey, sealed, request.name)
  if (plain) return JSON.parse(plain.toString())
  throw new AzoraError(
    'conflict',
    'idempotency_answer_not_kept',
    'the first request with this Idempotency-Key was done; what it answered is shown once only',
  )
}

const reused = (): AzoraError =>
  new AzoraError('conflict', 'idempotency_key_reused', 'this Idempotency-Key was used for another request', {
    remedy: 'Use a new key for a new request.',
  })

const inProgress = (): AzoraError =>
  new AzoraError(
    'conflict',
    'idempotency_in_progress',
    'the first request with this Idempotency-Key is still under way',
    { retryAfterMs: RETRY_MS },
  )

const outcomeUnknown = (): AzoraError =>
  new AzoraError(
    'conflict',
    'idempotency_outcome_unknown',
    'the first request with this Idempotency-Key began, and nobody knows how it ended',
  )

const tooMany = (): AzoraError =>
  new AzoraError(
    'retry',
    'idempotency_keys_too_many',
    `you have used ${KEYS_MAX} idempotency keys in the last 24 hours`,
    { retryAfterMs: RETRY_FULL_MS },
  )
