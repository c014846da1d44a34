import { describe, expect, it } from 'vitest'
import { inWordsOf } from './later-words.ts'
import type { Question } from './question.ts'
import type { Vocabulary } from './slice/vocabulary.ts'

/** A law whose action `read` has these words in its context. */
const lawWith = (...words: string[]): Vocabulary =>
  ({ actions: new Map([['read', { context: { attributes: new Map(words.map((word) => [word, {}])) } }]]) }) as never
const ask = (context: object): Question => ({ action: { type: 'Action', id: 'read' }, context }) as never
const asked = (law: Vocabulary, context: object): object => inWordsOf(law)(ask(context)).context

describe('a law without later words', () => {
  it('is asked without them where they say nothing, or nothing that it has to know', () => {
    const context = { reads: 1, limits: {}, secrets: [], secretsInEnvironment: false }
    expect(asked(lawWith('reads'), context)).toEqual({ reads: 1 })
  })

  it('is asked with the secrets that an action wants, and so denies it', () => {
    const context = { reads: 1, secrets: ['token'], secretsInEnvironment: true }
    expect(asked(lawWith('reads'), context)).toEqual(context)
  })

  it('is asked with those that it has', () => {
    const context = { reads: 1, limits: {}, secrets: [] }
    expect(asked(lawWith('reads', 'limits', 'secrets'), context)).toEqual(context)
  })
})
