import type { Reason, VerificationRequest } from '@azora/contracts'
import type { Reading } from '../facts/subject.ts'
import { messageOf } from '../facts/text.ts'
import type { Observation, OutputRequest, PlanRequest } from '../request.ts'

/**
 * Something in a request that speaks against it. It is a reason by itself; an article whose policy carries the same rule
 * as its `@id` can make it graver, never milder. At most one fact for each rule.
 */
export interface Fact extends Reason {
  remedy: string
}

/** What detectors look at: a request, and its document read once. */
export type ActionSubject = VerificationRequest & Reading
export type OutputSubject = OutputRequest & Reading
export type ObservationSubject = Observation & Reading
export type PlanSubject = PlanRequest

/**
 * Finds facts of one kind. Must be a pure function of the subject, must not change it, and must put no secret's value in a
 * fact. One that throws is taken for a CRITICAL fact, so there is no need to guard against input that can't be judged.
 */
export interface Detector<Subject> {
  readonly name: string
  /** Every rule that it may report. */
  readonly rules: readonly string[]
  find(subject: Subject): Fact[]
}

/** A fact about some things in the request, or no fact when there are none. */
export function factAbout(things: readonly string[], fact: Omit<Fact, 'evidence'>): Fact[] {
  return things.length === 0 ? [] : [{ ...fact, evidence: listing(things) }]
}

const SHOWN = 5

/** The same text for the same things in any order. */
function listing(things: readonly string[]): string {
  const sorted = [...new Set(things)].sort()
  const rest = sorted.length - SHOWN
  return sorted.slice(0, SHOWN).join(', ') + (rest > 0 ? ` and ${rest} more` : '')
}

export const findFacts = <Subject>(detectors: ReadonlyArray<Detector<Subject>>, subject: Subject): Fact[] =>
  detectors.flatMap((detector) => factsOf(detector, subject))

function factsOf<Subject>(detector: Detector<Subject>, subject: Subject): Fact[] {
  try {
    return detector.find(subject)
  } catch (thrown) {
    return [
      {
        rule: 'detector_failed',
        article: '0',
        severity: 'CRITICAL',
        message: `The detector ${detector.name} could not judge the request.`,
        evidence: messageOf(thrown),
        remedy: 'Simplify the input; if it is simple, report a bug.',
      },
    ]
  }
}
