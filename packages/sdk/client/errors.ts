import { Problem, type ProblemCode, problemOf, problemType } from '@azora/contracts'

/** The server answered with an error; `problem` says which and what to do (RFC 9457). */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly problem: Problem
  /** From `Retry-After` (RFC 9110, section 10.2.3), in milliseconds. */
  readonly retryAfterMs: number | undefined

  constructor(problem: Problem, retryAfterMs?: number) {
    super(problem.detail ?? problem.title)
    this.problem = problem
    this.retryAfterMs = retryAfterMs
  }

  /** An error that came inside of an answer that had begun well. */
  static of(code: string, detail: string): ApiError {
    return new ApiError({ type: problemType(code), title: code, status: problemOf(code)?.status ?? 500, code, detail })
  }

  /** Whether it is one of these codes of the catalogue. */
  is(...codes: readonly ProblemCode[]): boolean {
    return (codes as readonly string[]).includes(this.problem.code)
  }
}

/** No answer: nothing listens there, the name doesn't resolve, the time was up or the connection broke. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError'
  readonly url: string

  constructor(url: string, cause: unknown) {
    super(`no answer from ${url}: ${causeOf(cause)}`, { cause })
    this.url = url
  }
}

/** The answer isn't what the contract says: another program listens there, or another version of Azora. */
export class AnswerError extends Error {
  override readonly name = 'AnswerError'
  readonly url: string

  constructor(url: string, flaw: string) {
    super(`unexpected answer from ${url}: ${flaw}`)
    this.url = url
  }
}

/** What `fetch` hides in the cause of its "fetch failed". */
function causeOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown)
  const inner = thrown.cause
  if (inner instanceof AggregateError && inner.errors[0] instanceof Error) return inner.errors[0].message
  return inner instanceof Error && inner.message !== '' ? inner.message : thrown.message
}

/** The problem in an answer that isn't a success; other bodies get a problem made from the status. */
export async function apiErrorOf(response: Response): Promise<ApiError> {
  const text = await response.text().catch(() => '')
  return new ApiError(problemIn(text, response), retryAfterMs(response.headers.get('retry-after'), Date.now()))
}

function problemIn(text: string, response: Response): Problem {
  const parsed = Problem.safeParse(jsonOf(text))
  if (parsed.success) return parsed.data
  const title = response.statusText === '' ? `HTTP status ${response.status}` : response.statusText
  return { type: 'about:blank', title, status: response.status, code: 'http_error' }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** `Retry-After` is a number of seconds or an HTTP date. */
function retryAfterMs(header: string | null, nowMs: number): number | undefined {
  if (header === null) return undefined
  if (/^\d{1,6}$/.test(header.trim())) return Number(header) * 1000
  const at = Date.parse(header)
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs)
}
