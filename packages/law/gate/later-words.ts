import type { Question } from './question.ts'
import type { Vocabulary } from './slice/vocabulary.ts'

/** Words that came to the schema after laws were put in force. A law without them can't speak of them. */
const LATER_WORDS = ['limits', 'isolation', 'secrets', 'secretsInEnvironment']

/** What says nothing. A law that can't speak of secrets must not be asked about an action that wants one: it is denied. */
const SAYS_NOTHING: Record<string, (value: unknown) => boolean> = {
  secrets: (value) => Array.isArray(value) && value.length === 0,
  secretsInEnvironment: (value) => value === false,
}

/**
 * Leaves out of a question the later words that the law's schema doesn't have, where that is harmless: Cedar refuses the
 * whole question otherwise.
 */
export function inWordsOf({ actions }: Vocabulary): (question: Question) => Question {
  const missing = new Map(
    [...actions].map(([id, { context }]) => [
      id,
      typeof context === 'string' ? [] : LATER_WORDS.filter((word) => !context.attributes.has(word)),
    ]),
  )
  return (question) => {
    const { context } = question
    const unknown =
      missing
        .get(question.action.id)
        ?.filter((word) => word in context && (SAYS_NOTHING[word]?.(context[word]) ?? true)) ?? []
    if (unknown.length === 0) return question
    const known = Object.entries(context).filter(([word]) => !unknown.includes(word))
    return { ...question, context: Object.fromEntries(known) }
  }
}
