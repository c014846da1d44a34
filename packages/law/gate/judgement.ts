import type { Policy } from '../law/article.ts'

/** What the law says to a question: the policies that apply to it. */
export interface Judgement {
  readonly forbids: readonly Policy[]
  readonly permits: readonly Policy[]
  /** Policies that could not be evaluated. */
  readonly errors: readonly Policy[]
}
