import { randomBytes, randomUUID } from 'node:crypto'
import { AzoraError, type Clock, timestamp } from '@azora/base'
import {
  type Action,
  DEFAULT_SHARD,
  isStateful,
  type Outcome,
  type Permission,
  type ReviewCause,
  type ReviewTerms,
  RUN_START,
  type Share,
  type SkillManifest,
  type VerificationContext,
  type VerificationResult,
} from '@azora/contracts'
import type { Committed, Draft } from '@azora/journal'
import { digestOf } from '@azora/proof'
import type { Registry } from '@azora/skills'
import { proposerOf } from './action.ts'
import type { Conclude } from './ahead.ts'
import { releaseClaim } from './batch.ts'
import type { Budgets } from './budgets/budgets.ts'
import { reachedBy, reachedText } from './budgets/reached.ts'
import { type Room, roomFor } from './budgets/reserve.ts'
import { CHILD_SLOT } from './children/slot.ts'
import type { RunFold } from './fold.ts'
import { abandoned, observedIn, unsent } from './outcomes.ts'
import type { Gate, Performer, SecretTermsOf, Slot } from './ports.ts'
import { approvedBy, contextFor, propose } from './propose.ts'
import { retryAfter } from './retry.ts'
import type { StepFold } from './step-fold.ts'

export interface AttemptDeps {
  /** Resolves when the entry is durable. */
  append(draft: Draft): Promise<Committed>
  conclude: Conclude
  gate: Gate
  registry: Pick<Registry, 'skill' | 'agent' | 'checkSkillInput'>
  performer: Performer
  secretTermsOf: SecretTermsOf
  clock: Clock
  /** Appends `review.requested`, moving the run to `awaiting_review` unless it is there. */
  requestReview: (stepId: string, review: ReviewAsked) => Promise<void>
  budgets: Budgets
  /** Pauses the run for a budget that leaves no room, until people resume it. */
  pause: (reason: string, budget: string) => Promise<void>
}

export interface ReviewAsked {
  cause: ReviewCause
  actionDigest: string
  reasons: VerificationResult['reasons']
  terms?: ReviewTerms
}

const PERMISSION_MS = 60_000
/** Where a run may begin something new. The journal holds it, so that nothing follows on a pause in the log. */
export const UNPAUSED = ['running', 'awaiting_review'] as const
const SYSTEM = 'system:orchestrator'

/**
 * One attempt at a step: its action is verified, the verdict journaled, and what is allowed is performed on a node that
 * checks the verdict's receipt itself. Every way out is an entry; a lost node leaves the step as it was.
 */
export async function attemptStep(
  deps: AttemptDeps,
  fold: RunFold,
  step: StepFold,
  signal: AbortSignal,
): Promise<void> {
  const proposal = propose(deps, fold, step)
  if ('invalid' in proposal) {
    const { id: stepId, skill } = step.step
    await deps.append({
      ...common(fold),
      kind: 'action.invalid',
      payload: { stepId, skill, error: proposal.invalid },
    })
    return
  }
  const { action, skill } = proposal
  const actionDigest = digestOf(action)
  const verified = await verify(deps, fold, step, action, actionDigest, signal)
  if (!verified) return
  if (verified.result.verdict === 'review') {
    await deps.requestReview(step.step.id, {
      cause: 'verdict',
      actionDigest,
      reasons: verified.result.reasons,
      ...(verified.result.review && { terms: verified.result.review }),
    })
  }
  const { slot, committed } = verified
  if (slot) await perform(deps, fold, step, { action, actionDigest, skill, committed, slot }, signal)
}

async function verify(
  deps: AttemptDeps,
  fold: RunFold,
  step: StepFold,
  action: Action,
  actionDigest: string,
  signal: AbortSignal,
) {
  const context = contextFor(deps.registry, fold, step, deps.performer.isolation(shardOf(fold)))
  const judged = deps.gate.verify({ action, ...context })
  const approval = () =>
    judged.verdict === 'review'
      ? approvedBy(fold, step, action, { result: judged, context }, deps.clock.now())
      : undefined
  const review = approval()
  const result: VerificationResult = review ? { ...judged, verdict: 'allow' } : judged
  const room = result.verdict === 'allow' ? await roomIn(deps, fold, action, signal) : undefined
  if (room === 'none') {
    releaseClaim(fold.batches, step.step.id)
    return undefined
  }
  try {
    return await record(room?.share)
  } finally {
    room?.release()
  }

  async function record(share?: Share) {
    // A permission is short-lived and good for one life of one node: it is given when that node holds a place for it.
    let slot: Slot | undefined
    if (result.verdict === 'allow') {
      step.reserved = action.resources.spend ?? []
      slot = await placeFor(deps, fold, action, signal)
      // While it waited for a place, another law may have come into force, the time to use an approval may have passed, or a
      // node without isolation may have come of which the verdict knows nothing.
      if (!slot || isStale(deps.gate, judged) || isBarer(slot, context) || approval() !== review) {
        slot?.release()
        delete step.reserved
        releaseClaim(fold.batches, step.step.id)
        return undefined
      }
    }
    const payload = {
      action,
      result,
      judged: context,
      ...(slot && { permission: permitOn(slot, actionDigest, deps.clock) }),
      ...(review && { reviewId: review }),
      ...(slot && share && { share }),
    }
    try {
      const standing = slot && UNPAUSED
      const draft = { ...common(fold), kind: 'action.verified' as const, payload, ...(standing && { standing }) }
      const committed = await deps.append(draft)
      if (!slot || !isStale(deps.gate, judged)) return { result, committed, slot }
      // The law changed before the verdict was on record: nothing is done by it, and the step is judged again.
      slot.release()
      return { result, committed, slot: undefined }
    } catch (thrown) {
      slot?.release()
      throw thrown
    }
  }
}

/** Room in the budgets. Where there is none people are asked, or the run fails, as is declared; to undo is never given up. */
async function roomIn(deps: AttemptDeps, fold: RunFold, action: Action, signal: AbortSignal): Promise<Room | 'none'> {
  const room = await roomFor(deps, fold, action, signal)
  if (room === 'crowded') return 'none'
  if (!('reached' in room)) return room
  const { reached } = room
  if (fold.ending || reached.onReached === 'ask') await deps.pause(reachedText(reached), reached.of)
  else {
    const payload = reachedBy(action, reached)
    await deps.append({ ...common(fold), actor: SYSTEM, kind: 'budget.reached', payload, standing: UNPAUSED })
  }
  return 'none'
}

/** True when the law that judged is no more in force. The gate follows the log, before an append resolves. */
const isStale = ({ digest }: Gate, { constitution }: VerificationResult): boolean => digest !== constitution

/** True for a node without isolation where the verdict was told that there is one. */
const isBarer = (slot: Slot, { isolation }: VerificationContext): boolean => slot.isolation === 'none' && !isolation

const shardOf = ({ spec }: RunFold): string => spec.shard ?? DEFAULT_SHARD

/** A place on a node; undefined when people paused or cancelled the run meanwhile: nothing new begins then. */
async function placeFor(
  { performer }: AttemptDeps,
  fold: RunFold,
  { codeDigest, skillId }: Action,
  signal: AbortSignal,
): Promise<Slot | undefined> {
  const need = { shard: shardOf(fold), codeDigest }
  const slot = skillId === RUN_START ? CHILD_SLOT : await performer.reserve(need, signal)
  if (slot && fold.state === 'running' && !signal.aborted) return slot
  slot?.release()
  return undefined
}

const permitOn = ({ audience, isolation }: Slot, actionDigest: string, clock: Clock): Permission => ({
  actionDigest,
  expiresAt: timestamp(clock.now() + PERMISSION_MS),
  nonce: randomBytes(16).toString('hex'),
  audience,
  ...(isolation === 'none' && { isolation }),
})

interface Allowed {
  action: Action
  actionDigest: string
  skill: SkillManifest
  committed: Committed
  slot: Slot
}

async function perform(
  deps: AttemptDeps,
  fold: RunFold,
  step: StepFold,
  allowed: Allowed,
  signal: AbortSignal,
): Promise<void> {
  const { action, actionDigest, skill, committed, slot } = allowed
  const about = { stepId: step.step.id, actionDigest }
  const receipt = committed.receipt()
  if (!receipt) throw new AzoraError('bug', 'receipt_missing', 'a fresh verdict has no receipt')
  if (isStateful(action.effects)) {
    const payload = { ...about, attempt: step.attempts + 1 }
    await deps.append({ ...common(fold), kind: 'action.started', payload, standing: UNPAUSED }).catch((thrown) => {
      slot.release()
      throw thrown
    })
  }
  const idempotencyKey = `${fold.spec.runId}:${step.step.id}`
  const request = { action, entrypoint: skill.entrypoint, idempotencyKey, receipt }
  const result = await slot.perform(request, signal)
  if (result.kind === 'outcome') await finish(deps, fold, about, result.outcome)
  if (result.kind === 'aborted') await finish(deps, fold, about, unsent(step))
}

/** Ends a step that was tried too often. */
export async function abandonStep(deps: AttemptDeps, fold: RunFold, step: StepFold): Promise<void> {
  await endStep(deps, fold, step, abandoned(step))
}

/** Puts on record how a step's action ended. */
export async function endStep(deps: AttemptDeps, fold: RunFold, step: StepFold, outcome: Outcome): Promise<void> {
  if (!step.action) return
  await finish(deps, fold, { stepId: step.step.id, actionDigest: digestOf(step.action) }, outcome)
}

async function finish(
  deps: AttemptDeps,
  fold: RunFold,
  about: { stepId: string; actionDigest: string },
  outcome: Outcome,
): Promise<void> {
  const observed = observedIn(deps.gate, fold, about.stepId, outcome)
  const step = fold.steps.get(about.stepId)
  const retry = step && retryAfter(deps.registry, fold, step, outcome)
  if (step && retry) step.retrying = true
  const payload = { ...about, outcome, ...(retry && { retry }), ...(observed && { observed }) }
  try {
    await deps.conclude({ ...common(fold), kind: 'action.finished', payload })
  } finally {
    if (step) delete step.retrying
  }
}

/** Asks people about a step that was started, of which nobody knows how it ended. */
export async function parkStep(deps: AttemptDeps, step: StepFold): Promise<void> {
  if (!step.action) return
  await deps.requestReview(step.step.id, {
    cause: 'outcome_unknown',
    actionDigest: digestOf(step.action),
    reasons: [],
  })
}

/** Asks people about a step that should have undone another one and didn't. */
export async function askToUndo(deps: AttemptDeps, { step, action }: StepFold): Promise<void> {
  const actionDigest = digestOf(action ?? step.input)
  await deps.requestReview(step.id, { cause: 'compensation', actionDigest, reasons: [] })
}

/** Asks people again about a step whose review stands beside the run's state. The new review takes the old one's place. */
export async function askAgain(deps: AttemptDeps, { step, review, result }: StepFold): Promise<void> {
  if (!review) return
  const { cause, actionDigest, terms } = review
  await deps.requestReview(step.id, { cause, actionDigest, reasons: result?.reasons ?? [], terms })
}

const common = ({ spec }: RunFold) => ({
  tenant: spec.tenant,
  actor: spec.plan ? SYSTEM : proposerOf(spec),
  run: spec.runId,
})

export const newReviewId = (): string => randomUUID()
