import { type Entry, type EntryKind, type EntryPayload, isTerminal, mayFollow, type RunState } from '@azora/contracts'
import { goesOnIn } from '../deciding/going-on.ts'
import { applyEntry, foldRun } from '../fold/fold.ts'
import type { RunFold } from '../fold/run-fold.ts'
import { digestOfStep, entryOf, outcomeOf, scheduled, specOf, stepOf, verdictOf } from './entries.ts'

type Possible = { [K in EntryKind]: { kind: K; payload: EntryPayload<K>; to?: RunState } }[EntryKind]

/** Two have to approve, so that some reviews are half decided. */
const TERMS = { quorum: 2, expiresMinutes: 1, useWithinMinutes: 1, batchMax: 3 }
const EXPIRES_AT = '2026-01-01T00:01:00.000Z'

/** Ends are rare, so that much happens before them. */
const ENDS_EVERY = 23

/**
 * A run's log made from numbers, each of which picks one of the entries that the journal would accept next. Beyond legal
 * transitions it keeps to no order: what is concluded from a log must hold for every log.
 */
export function historyFrom(choices: readonly number[], deadline?: string): Entry[] {
  const entries = [scheduled(specOf(deadline ? { deadline } : {}))]
  const fold = foldRun(entries) as RunFold
  for (const choice of choices) {
    const ends = choice % ENDS_EVERY === 0
    const possible = possibleNext(fold).filter(
      ({ kind, to }) =>
        (to === undefined || mayFollow(fold.state, to)) &&
        (ends || (kind !== 'run.cancel_requested' && (to === undefined || !isTerminal(to)))),
    )
    const next = possible[choice % possible.length]
    if (!next) break
    const transition = next.to && { from: fold.state, to: next.to }
    const entry = entryOf(entries.length, next.kind, next.payload as never, transition)
    entries.push(entry)
    applyEntry(fold, entry)
  }
  return entries
}

/** Waits for a signal, which comes late or never. */
const WAIT = { skill: 'wait.signal', input: { name: 'go', ms: 86_400_000 } }

function possibleNext(fold: RunFold): Possible[] {
  const turn = fold.turns
  const [a, b] = [`a${turn}`, `b${turn}`]
  const plan = {
    steps: [
      stepOf(a),
      stepOf(b, { after: [a] }),
      stepOf(`c${turn}`, { input: { of: { $step: a } } }),
      stepOf(`d${turn}`, WAIT),
    ],
  }
  const result = verdictOf('a0', 'allow').result
  return [
    { kind: 'run.started', payload: {}, to: 'running' },
    { kind: 'agent.recognized', payload: { pattern: 1 } },
    { kind: 'plan.proposed', payload: { turn, plan } },
    ...[...fold.steps.keys()].flatMap((stepId) => possibleOf(fold, stepId)),
    ...(turn > 1
      ? [{ kind: 'agent.concluded', payload: { turn, goal: 'reached', outputs: null } } satisfies Possible]
      : []),
    ...aboutOutput(fold),
    { kind: 'run.signalled', payload: { name: 'go', data: turn } },
    { kind: 'run.paused', payload: {}, to: 'paused' },
    { kind: 'run.resumed', payload: {}, to: (fold.state === 'paused' && goesOnIn(fold)) || 'running' },
    { kind: 'run.cancel_requested', payload: {} },
    { kind: 'run.cancelled', payload: {}, to: 'cancelled' },
    { kind: 'run.validated', payload: { result, outputs: null }, to: 'validated' },
    { kind: 'run.succeeded', payload: {}, to: 'success' },
    { kind: 'run.failed', payload: { error: { code: 'x', message: 'x' } }, to: 'fail' },
  ]
}

function waitsOf({ steps, signals, lastIndex }: RunFold, stepId: string): Possible[] {
  const [first] = signals
  if (!steps.get(stepId)?.wait)
    return [{ kind: 'wait.begun', payload: { stepId, signal: 'go', ms: (lastIndex % 3) * 86_400_000 } }]
  return [
    { kind: 'wait.ended', payload: { stepId, by: 'timeout' } },
    ...(first
      ? [{ kind: 'wait.ended', payload: { stepId, by: 'signal', signal: first.index } } satisfies Possible]
      : []),
  ]
}

/** People are asked about the output of a run that has concluded. */
function aboutOutput(fold: RunFold): Possible[] {
  if (!fold.concluded) return []
  const reviewId = `018f0000-0000-7000-9000-${String(fold.lastIndex).padStart(12, '0')}`
  const about = { stepId: 'output', actionDigest: digestOfStep('output') }
  const asks: Possible = {
    kind: 'review.requested',
    payload: { ...about, reviewId, cause: 'output', reasons: [], terms: TERMS, expiresAt: EXPIRES_AT },
    ...(fold.state === 'running' && { to: 'awaiting_review' as const }),
  }
  const open = fold.outputReview
  if (!open) return [asks]
  const decides = (decision: 'approve' | 'deny'): Possible => ({
    kind: 'review.decided',
    payload: { ...about, reviewId: open.reviewId, decision },
    ...(fold.state === 'awaiting_review' && { to: 'running' as const }),
  })
  return [asks, decides('approve'), decides('deny')]
}

function possibleOf(fold: RunFold, stepId: string): Possible[] {
  const about = { stepId, actionDigest: digestOfStep(stepId) }
  const step = fold.steps.get(stepId)
  if (step?.step.skill === WAIT.skill) return waitsOf(fold, stepId)
  const reviewId = `018f0000-0000-7000-8000-${String(fold.lastIndex).padStart(12, '0')}`
  const asks = (cause: 'verdict' | 'outcome_unknown'): Possible => ({
    kind: 'review.requested',
    payload: { ...about, reviewId, cause, reasons: [], terms: TERMS, expiresAt: EXPIRES_AT },
    ...(fold.state === 'running' && { to: 'awaiting_review' as const }),
  })
  const resumes = fold.state === 'awaiting_review' && { to: 'running' as const }
  const decides = (decision: 'approve' | 'deny' | 'amend'): Possible[] =>
    step?.review
      ? [
          {
            kind: 'review.decided',
            payload: {
              ...about,
              reviewId: step.review.reviewId,
              decision,
              ...(decision === 'amend' && { input: { amended: fold.lastIndex } }),
            },
            ...resumes,
          },
        ]
      : []
  return [
    { kind: 'action.verified', payload: verdictOf(stepId, 'allow') },
    { kind: 'action.verified', payload: verdictOf(stepId, 'review') },
    { kind: 'action.verified', payload: verdictOf(stepId, 'deny') },
    { kind: 'action.invalid', payload: { stepId, skill: 'file.write', error: { code: 'x', message: 'x' } } },
    { kind: 'action.started', payload: { ...about, attempt: (step?.attempts ?? 0) + 1 } },
    { kind: 'action.refused', payload: { ...about, node: 'local', error: { code: 'x', message: 'x' } } },
    { kind: 'action.finished', payload: outcomeOf(stepId, 'succeeded') },
    { kind: 'action.finished', payload: outcomeOf(stepId, 'failed') },
    {
      kind: 'action.finished',
      payload: {
        ...outcomeOf(stepId, 'failed'),
        retry: { attempt: (step?.failures?.count ?? 0) + 2, waitMs: (fold.lastIndex % 3) * 86_400_000 },
      },
    },
    asks('verdict'),
    asks('outcome_unknown'),
    ...decides('approve'),
    ...decides('deny'),
    ...decides('amend'),
    ...(step?.review
      ? [
          {
            kind: 'review.expired',
            payload: { ...about, reviewId: step.review.reviewId },
            ...resumes,
          } satisfies Possible,
        ]
      : []),
  ]
}
