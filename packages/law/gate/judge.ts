import type { Law } from '../law/law.ts'
import type { Judgement } from './judgement.ts'
import { inWordsOf } from './later-words.ts'
import type { Question } from './question.ts'
import { fitOf } from './slice/fit.ts'
import { Generations } from './slice/generations.ts'
import { type Answer, createSlicedAnswer } from './slice/slice.ts'
import { vocabularyOf } from './slice/vocabulary.ts'
import { createWholeJudge } from './slice/whole.ts'

export type { Judgement }

const MEMO_ENTRIES = 4_096

/**
 * Prepares the law for judging. Throws `law_invalid` if Cedar doesn't take the law; the judge throws `gate_error` if it
 * doesn't take a question.
 *
 * Cedar names only the policies that determined its decision, so a forbid hides the permits. People must see all that
 * applies: the forbids are therefore judged by themselves, and so are the permits. Both stay in the text they were
 * written in, as JavaScript would round large integers in Cedar's JSON form.
 *
 * @param memoEntries how many of Cedar's answers are remembered
 */
export function createJudge(law: Law, memoEntries = MEMO_ENTRIES): (question: Question) => Judgement {
  const whole = createWholeJudge(law)
  const vocabulary = vocabularyOf(law.schema)
  const fits = fitOf(vocabulary)
  const spoken = inWordsOf(vocabulary)
  const memo = new Generations<Answer>(memoEntries)
  const forbidden = createSlicedAnswer({ law, vocabulary, effect: 'forbid', memo })
  const permitted = createSlicedAnswer({ law, vocabulary, effect: 'permit', memo })
  return (asked) => {
    const question = spoken(asked)
    if (!fits(question)) return whole(question)
    const against = forbidden(question)
    const inFavour = permitted(question)
    return {
      forbids: against.applied,
      permits: inFavour.applied,
      errors: against.errors.length + inFavour.errors.length > 0 ? [...against.errors, ...inFavour.errors] : [],
    }
  }
}
