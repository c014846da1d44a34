import type { ReviewTerms, VerificationResult } from '@azora/contracts'
import { canonical, digestOf } from '@azora/proof/verify'
import type { Flaw } from '../flaw.ts'
import type { People } from '../people.ts'
import { isTold, proposerAt, type ReadEntry, type Story, type Told } from '../story.ts'
import { flawInDecision } from './decision.ts'
import { openReview, type ReviewState, takeDecision } from './review-state.ts'
import { flawInUse } from './review-use.ts'

interface Fold {
  story: Story
  people: People
  reviews: Map<string, ReviewState>
  /** By step, the newest verdict on it, and who changed its arguments. */
  verdicts: Map<string, Told<'action.verified'>['payload']>
  amenders: Map<string, string[]>
  started: Set<string>
  concluded?: { digest: string }
  /** True once a payload was erased that a review may depend on. */
  erased: boolean
}

export interface ReviewFindings {
  flaws: Flaw[]
  /** Decisions that were looked at. */
  decisions: number
}

/** What people allowed was asked of them, and is theirs: signed for exactly this, by enough of them, in time. */
export function checkReviews(story: Story, people: People): ReviewFindings {
  const fold: Fold = {
    story,
    people,
    reviews: new Map(),
    verdicts: new Map(),
    amenders: amendersIn(story),
    started: new Set(),
    erased: false,
  }
  const flaws = story.entries.map((entry): Flaw => {
    const flaw = follow(fold, entry)
    return flaw && `entry ${entry.header.index} ${flaw}`
  })
  return { flaws, decisions: story.entries.filter(({ header }) => header.kind === 'review.decided').length }
}

/** Whoever forks a run may give a step other arguments than were proposed. */
function amendersIn({ spec }: Story): Fold['amenders'] {
  const { step, input } = spec?.forkOf ?? {}
  return new Map(spec && step !== undefined && input ? [[step, [spec.owner]]] : [])
}

function follow(fold: Fold, entry: ReadEntry): Flaw {
  if (entry.payload === undefined) {
    fold.erased ||= /^(review|action|agent)\./.test(entry.header.kind)
    return undefined
  }
  if (isTold(entry, 'action.verified')) return verdict(fold, entry)
  if (isTold(entry, 'review.requested')) return request(fold, entry)
  if (isTold(entry, 'review.decided')) return decide(fold, entry)
  if (isTold(entry, 'review.expired')) {
    const review = fold.reviews.get(entry.payload.reviewId)
    if (review) review.ended ??= 'expired'
  } else if (isTold(entry, 'action.started')) fold.started.add(entry.payload.actionDigest)
  else if (isTold(entry, 'agent.concluded'))
    fold.concluded = { digest: digestOf({ runId: fold.story.runId, outputs: entry.payload.outputs }) }
  else if (isTold(entry, 'run.validated')) return output(fold, entry)
  return undefined
}

function verdict(fold: Fold, { header, payload }: Told<'action.verified'>): Flaw {
  const { action, result, reviewId } = payload
  const flaw = flawInApproval(fold, result, reviewId, (review) => flawInUse(review, action, result, header.at))
  fold.verdicts.set(action.stepId, payload)
  return flaw
}

/** A verdict that asked for people is `allow` only by a review, and names it. */
function flawInApproval(
  fold: Fold,
  { verdict: ruled, review: terms }: VerificationResult,
  reviewId: string | undefined,
  use: (review: ReviewState) => Flaw,
): Flaw {
  if (reviewId === undefined) return ruled === 'allow' && terms ? 'allows what people had to allow' : undefined
  if (ruled !== 'allow') return 'names a review, but allows nothing'
  const review = fold.reviews.get(reviewId)
  if (!review) return fold.erased ? undefined : `names the review ${reviewId}, which nobody asked for`
  return use(review)
}

function request(fold: Fold, entry: Told<'review.requested'>): Flaw {
  const { reviewId, stepId, cause, actionDigest } = entry.payload
  if (fold.reviews.has(reviewId)) return `asks for the review ${reviewId} a second time`
  const judged = cause === 'output' ? undefined : fold.verdicts.get(stepId)
  const proposer = judged?.action.principal ?? proposerAt(fold.story, entry.header.index)
  const requesters = [...(proposer === undefined ? [] : [proposer]), ...(fold.amenders.get(stepId) ?? [])]
  fold.reviews.set(reviewId, openReview(entry, { requesters, action: judged?.action }))
  if (fold.erased) return undefined
  if (cause === 'output')
    return fold.concluded?.digest === actionDigest ? undefined : 'asks about another output than the final one'
  // What could not become an action is told by the input of its step.
  if (cause === 'compensation' && !judged) return undefined
  if (!judged || digestOf(judged.action) !== actionDigest) return 'asks about another action than was judged'
  if (cause === 'outcome_unknown')
    return fold.started.has(actionDigest) ? undefined : 'asks how an action ended that never started'
  if (cause === 'compensation') return undefined
  if (judged.result.verdict !== 'review') return 'asks about an action of which the verdict asked nothing'
  return sameTerms(judged.result.review, entry.payload.terms) ? undefined : 'asks on other terms than the verdict says'
}

const sameTerms = (asked: ReviewTerms | undefined, given: ReviewTerms | undefined): boolean =>
  asked === undefined || canonical(asked) === canonical(given ?? null)

function decide(fold: Fold, entry: Told<'review.decided'>): Flaw {
  const { payload, header } = entry
  const review = fold.reviews.get(payload.reviewId)
  if (!review) return fold.erased ? undefined : `decides the review ${payload.reviewId}, which nobody asked for`
  const flaw = flawInDecision(entry, review, fold.people)
  takeDecision(review, entry)
  if (payload.decision === 'amend')
    fold.amenders.set(review.stepId, [...(fold.amenders.get(review.stepId) ?? []), header.actor])
  return flaw
}

function output(fold: Fold, { header, payload }: Told<'run.validated'>): Flaw {
  const { result, outputs, reviewId } = payload
  if (result.verdict !== 'allow') return 'validates an output that was not allowed'
  return flawInApproval(fold, result, reviewId, (review) =>
    review.actionDigest === digestOf({ runId: fold.story.runId, outputs })
      ? flawInUse(review, undefined, result, header.at)
      : 'validates another output than people allowed',
  )
}
