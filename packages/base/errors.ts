/** What the caller should do about an error. */
export type Advice =
  | 'retry' // the same request may succeed later
  | 'fix' // the request itself is wrong
  | 'authenticate'
  | 'forbidden'
  | 'missing' // what was named doesn't exist
  | 'conflict' // it doesn't fit the present state
  | 'denied' // the constitution or a node refused it
  | 'cancelled'
  | 'bug' // our fault

export interface AzoraErrorOptions {
  /** What a person can do about it, as an imperative sentence. */
  remedy?: string
  retryAfterMs?: number
  details?: Array<{ pointer: string; message: string }>
  cause?: unknown
}

/** The only error class that services throw: a stable code, a message for people and advice for programs. */
export class AzoraError extends Error {
  override readonly name = 'AzoraError'
  readonly code: string
  readonly advice: Advice
  readonly remedy: string | undefined
  readonly retryAfterMs: number | undefined
  readonly details: ReadonlyArray<{ pointer: string; message: string }>

  /** @param code stable and lower-case with underscores, such as `run_not_found` */
  constructor(advice: Advice, code: string, message: string, options: AzoraErrorOptions = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause })
    this.advice = advice
    this.code = code
    this.remedy = options.remedy
    this.retryAfterMs = options.retryAfterMs
    this.details = options.details ?? []
  }
}

/** Any thrown value as an {@link AzoraError}; what isn't one already is a bug. */
export function toAzoraError(thrown: unknown): AzoraError {
  if (thrown instanceof AzoraError) return thrown
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return new AzoraError('bug', 'internal_error', message, { cause: thrown })
}
