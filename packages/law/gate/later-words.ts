import type { Question } from './question.ts'
import type { Vocabulary } from './slice/vocabulary.ts'

/** Words that came to the schema after laws were put in force. A law without them can't speak of them. */
const LATER_WORDS = ['limits', 'isolation']

/** Leaves out of a question the later words that the law's schema doesn't have: Cedar would refuse the whole question. */
export function inWordsOf({ actions }: Vocabulary): (question: Question) => Question {
  const missing = new Map(
    [...actions].map(([id, { context }]) => [
      id,
      typeof context === 'string' ? [] : LATER_WORDS.filter((word) => !context.attributes.has(word)),
    ]),
  )
  return (question) => {
    const unknown = missing.get(question.action.id)?.filter((word) => word in question.context) ?? []
    if (unknown.length === 0) return question
    const known = Object.entries(question.context).filter(([word]) => !unknown.includes(word))
    return { ...question, context: Object.fromEntries(known) }
  }
}
