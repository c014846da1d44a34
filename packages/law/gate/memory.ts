import { Generations } from './slice/generations.ts'

/** Answers of a law that are remembered; a gate has one for each kind of question. */
const ANSWERS_MAX = 2_048
/** Longer questions are asked each time: they repeat seldom, and would fill the memory. */
const QUESTION_CHARACTERS_MAX = 4_096

/**
 * Remembers what one law said to a question, word for word: answers are pure, so the same question gets the same one. What is
 * remembered is frozen.
 *
 * @param wordsOf all that the answer depends on, as JSON; undefined for a question that is asked each time
 * @param lasts false for an answer that may be another one next time
 */
export function remembering<Question, Answer extends object>(
  answer: (question: Question) => Answer,
  wordsOf: (question: Question) => object | undefined,
  lasts: (answer: Answer) => boolean,
): (question: Question) => Answer {
  const known = new Generations<Answer>(ANSWERS_MAX)
  return (question) => {
    const key = keyOf(wordsOf, question)
    if (key === undefined) return answer(question)
    const found = known.get(key)
    if (found) return found
    const given = answer(question)
    if (lasts(given)) known.set(key, deepFrozen(given))
    return given
  }
}

function keyOf<Question>(wordsOf: (question: Question) => object | undefined, question: Question): string | undefined {
  try {
    const text = JSON.stringify(wordsOf(question))
    return text && text.length <= QUESTION_CHARACTERS_MAX ? text : undefined
  } catch {
    // What can't be written down is for the gate itself to refuse.
    return undefined
  }
}

function deepFrozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  Object.freeze(value)
  for (const part of Object.values(value)) deepFrozen(part)
  return value
}
