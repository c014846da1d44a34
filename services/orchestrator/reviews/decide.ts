import { AzoraError, type Clock, toAzoraError } from '@azora/base'
import type { Entry, JsonObject, ReviewRequest, ReviewStatement, RunAccepted, SkillManifest } from '@azora/contracts'
import type { Draft, Journal, TenantRuns } from '@azora/journal'
import { digestOf, isSignedBy } from '@azora/proof'
import type { Registry, RegistryView } from '@azora/skills'
import { readEntries } from '../commands/control.ts'
import type { Caller } from '../commands/schedule.ts'
import { registryOf } from '../driving/run-registry.ts'
import { isKind } from '../fold/about-step.ts'
import { foldRun } from '../fold/fold.ts'
import type { RunFold } from '../fold/run-fold.ts'
import type { ReviewFold, StepFold } from '../fold/step-fold.ts'
import type { Gate } from '../ports.ts'
import { voteKey } from './keys.ts'
import { othersWait, type Reviewed, reviewedIn } from './reviewed.ts'

/** A person with what they may and what they sign with. */
export interface Decider extends Caller {
  roles: readonly string[]
  /** Verifier keys (C2SP signed-note `vkey`). */
  keys: readonly string[]
}

export interface DecideDeps {
  journal: Pick<Journal, 'append'> & TenantRuns
  registry: Pick<Registry, 'recorded'>
  gate: Gate
  clock: Clock
}

/** How far a person's clock may be off. */
const CLOCK_SKEW_MS = 10 * 60_000
/** Times that a decision is tried while others decide at the same time. */
const TRIES = 5

/**
 * Puts one person's decision on record. It holds for exactly the action that the signed statement names.
 *
 * @throws AzoraError `review_not_found`, `review_decided`, `review_expired`, `run_ended`, `review_of_other_arguments`,
 *   `approved_before`, `signature_invalid`, `not_permitted_to_decide`, `batch_too_large`, `amendment_invalid`, `invalid_input`
 */
export async function decideReview(
  deps: DecideDeps,
  decider: Decider,
  runId: string,
  reviewId: string,
  request: ReviewRequest,
): Promise<RunAccepted> {
  for (let tries = 1; ; tries += 1) {
    const entries = await readEntries(deps.journal, decider, runId)
    const fold = foldRun(entries)
    if (!fold) throw notFound(reviewId)
    const reviewed = openReview(fold, entries, reviewId, deps.clock.now())
    checkStatement(deps, decider, reviewed.review, request)
    checkDecider(deps.gate, decider, fold, reviewed)
    checkContent(registryOf(deps.registry.recorded, fold), reviewed, request)
    const draft = draftOf(fold, decider, reviewed, request)
    try {
      const committed = await deps.journal.append(draft)
      if (!committed.duplicate) return { runId, state: draft.transition?.to ?? fold.state }
    } catch (thrown) {
      if (toAzoraError(thrown).code !== 'illegal_transition') throw thrown
    }
    // Somebody else decided, or the run moved, in the meantime: look at it again.
    if (tries >= TRIES) throw decidedBefore(reviewId)
  }
}

function openReview(fold: RunFold, entries: readonly Entry[], reviewId: string, nowMs: number): Reviewed {
  const reviewed = reviewedIn(fold, reviewId)
  if (!reviewed) throw tooLate(fold, entries, reviewId)
  const { expiresAt, decision } = reviewed.review
  const overdue = expiresAt !== undefined && nowMs >= Date.parse(expiresAt)
  if (decision === 'expired' || (overdue && !decision)) throw expired(reviewId, expiresAt)
  if (decision) throw decidedBefore(reviewId)
  if (fold.finishedAt) throw ended(fold, reviewId)
  return reviewed
}

/** Why nobody has to decide any more about what the fold has forgotten. */
function tooLate(fold: RunFold, entries: readonly Entry[], reviewId: string): AzoraError {
  const about = entries.filter(({ payload }) => payload && 'reviewId' in payload && payload.reviewId === reviewId)
  const last = about.findLast((entry) => isKind(entry, 'review.decided') || isKind(entry, 'review.expired'))
  if (last && isKind(last, 'review.expired')) return expired(reviewId, last.header.at)
  if (last) return decidedBefore(reviewId)
  if (fold.finishedAt) return ended(fold, reviewId)
  return about.length > 0 ? decidedBefore(reviewId) : notFound(reviewId)
}

const notFound = (reviewId: string): AzoraError =>
  new AzoraError('missing', 'review_not_found', `there is no review ${reviewId}`, {
    remedy: 'List the reviews: azora review list',
  })

const expired = (reviewId: string, at: string | undefined): AzoraError =>
  new AzoraError('conflict', 'review_expired', `review ${reviewId} ended at ${at}`, {
    remedy: 'Start the run again: azora run retry',
  })

const ended = ({ spec: { runId }, state }: RunFold, reviewId: string): AzoraError =>
  new AzoraError('conflict', 'run_ended', `review ${reviewId} waits no more: run ${runId} has ended (${state})`)

const decidedBefore = (reviewId: string): AzoraError =>
  new AzoraError('conflict', 'review_decided', `review ${reviewId} was decided before, or its run goes on without it`)

function checkStatement({ clock }: DecideDeps, decider: Decider, review: ReviewFold, request: ReviewRequest): void {
  const { statement } = request
  if (statement.reviewId !== review.reviewId || statement.decider !== decider.id)
    throw unsigned('the statement is about another review, or by somebody else')
  if (decider.keys.length === 0) throw unsigned(`${decider.id} has no key to sign with`)
  if (!isSignedBy(request, decider.keys)) throw unsigned(`it is not signed with a key of ${decider.id}`)
  if (Math.abs(Date.parse(statement.at) - clock.now()) > CLOCK_SKEW_MS)
    throw unsigned(`it was signed at ${statement.at}, more than ten minutes from the server's time`)
  if (statement.actionDigest !== review.actionDigest)
    throw new AzoraError(
      'conflict',
      'review_of_other_arguments',
      'the arguments that wait are not the ones of this digest',
      { remedy: 'Read the review again and decide on the arguments that it shows.' },
    )
}

const unsigned = (why: string): AzoraError =>
  new AzoraError('forbidden', 'signature_invalid', `the decision is not valid: ${why}`, {
    remedy: 'Decide with azora review, which signs; docs/guides/review-actions.md says how to sign otherwise.',
  })

function checkDecider(gate: Gate, decider: Decider, fold: RunFold, reviewed: Reviewed): void {
  const { review, requesters, effects, reasons: asked } = reviewed
  const { allowed, reasons } = gate.mayDecide({
    reviewId: review.reviewId,
    decider,
    requesters,
    runOwner: fold.spec.owner,
    effects,
    reasons: asked,
  })
  if (!allowed) {
    const why = reasons.map(({ article, message }) => `Article ${article}: ${message}`).join('; ')
    throw new AzoraError('forbidden', 'not_permitted_to_decide', `${decider.id} may not decide about it. ${why}`, {
      remedy: reasons[0]?.remedy ?? 'Ask a reviewer.',
    })
  }
  if (review.approvals.some(({ by }) => by === decider.id))
    throw new AzoraError('conflict', 'approved_before', `${decider.id} approved it before`, {
      remedy: `It needs ${review.terms.quorum} different people; ask another one.`,
    })
}

function checkContent(
  registry: RegistryView,
  { review: { terms, cause }, step }: Reviewed,
  { statement, input }: ReviewRequest,
): void {
  const { decision, batch, inputDigest } = statement
  if (batch !== undefined && (decision !== 'approve' || batch > terms.batchMax || cause !== 'verdict'))
    throw new AzoraError('fix', 'batch_too_large', `an approval may cover at most ${terms.batchMax} similar actions`)
  const amends = decision === 'amend'
  if (amends !== (input !== undefined) || amends !== (inputDigest !== undefined)) throw unamended()
  if (!amends || input === undefined) return
  if (!step || cause !== 'verdict' || inputDigest !== digestOf(input)) throw unamended()
  registry.checkSkillInput(skillOf(registry, step), input)
}

const unamended = (): AzoraError =>
  new AzoraError('fix', 'amendment_invalid', 'only an amendment has an input, whose digest the statement names', {
    remedy: 'Sign the SHA-256 of the canonical JSON of the new input, and send the input beside the statement.',
  })

const skillOf = (registry: RegistryView, { step, action }: StepFold): SkillManifest =>
  registry.skill(step.skill, action?.skillVersion ?? step.version)

function draftOf(
  fold: RunFold,
  decider: Decider,
  reviewed: Reviewed,
  { input, ...signed }: ReviewRequest,
): Draft<'review.decided'> {
  const { statement } = signed
  const { review, stepId } = reviewed
  return {
    kind: 'review.decided',
    tenant: decider.tenant,
    actor: decider.id,
    run: fold.spec.runId,
    // One decision in each place, so that of two people at one time the second one looks at what the first one decided.
    key: voteKey(review.reviewId, review.approvals.length),
    payload: { stepId, ...payloadOf(statement, input), signed },
    ...(movesOn(fold, review, statement) && { transition: { from: 'awaiting_review', to: 'running' } }),
  }
}

const payloadOf = ({ reviewId, actionDigest, decision, comment }: ReviewStatement, input: JsonObject | undefined) => ({
  reviewId,
  actionDigest,
  decision,
  ...(comment && { comment }),
  ...(input && { input }),
})

/** True when nobody has to decide about anything else. */
function movesOn(fold: RunFold, review: ReviewFold, { decision }: ReviewStatement): boolean {
  const settles = decision !== 'approve' || review.approvals.length + 1 >= review.terms.quorum
  return fold.state === 'awaiting_review' && settles && !othersWait(fold, review)
}
