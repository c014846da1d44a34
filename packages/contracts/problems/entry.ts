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

/** What is known of a code wherever it is met. */
export interface ProblemEntry {
  readonly advice: Advice
  /** HTTP status (RFC 9110, section 15). */
  readonly status: number
  readonly cause: string
  readonly remedy: string
}

type Declare = (cause: string, remedy: string) => ProblemEntry

const of =
  (advice: Advice, status: number): Declare =>
  (cause, remedy) => ({ advice, status, cause, remedy })

export const fix = of('fix', 400)
export const tooLarge = of('fix', 413)
export const missing = of('missing', 404)
export const conflict = of('conflict', 409)
export const forbidden = of('forbidden', 403)
export const retry = of('retry', 503)
export const cancelled = of('cancelled', 409)
export const bug = (cause: string): ProblemEntry =>
  of('bug', 500)(cause, 'Report it with the lines of the server’s log that name this code.')
export const other = of
