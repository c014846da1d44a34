import {
  ENTRY_PAYLOADS,
  type EntryHeader,
  type EntryKind,
  type EntryPayload,
  type EntryRecord,
  type TakenOver,
} from '@azora/contracts'
import { hasEnded, newStep, type RunView, type StepView, stepsOf } from './run-view.ts'

type Handler<K extends EntryKind> = (view: RunView, payload: EntryPayload<K>, header: EntryHeader) => void

const HANDLERS: { [K in EntryKind]?: Handler<K> } = {
  'run.scheduled': (view, { spec, takenOver }, { at }) => {
    view.agent = spec.agentId
    view.scheduledAtMs = Date.parse(at)
    // A longer plan is proposed before it is performed.
    if (spec.plan?.steps.length === 1) view.turns.push({ turn: 0, steps: spec.plan.steps.map(newStep) })
    if (takenOver) takeOver(view, takenOver)
  },
  'plan.proposed': (view, { turn, plan, note, result }) => {
    const denied = result?.verdict === 'deny' ? { state: 'denied' as const, reasons: result.reasons } : {}
    view.turns.push({ turn, note, steps: plan.steps.map((step) => ({ ...newStep(step), ...denied })) })
  },
  'agent.concluded': (view, { outputs, summary }) => {
    view.outputs = outputs
    view.summary = summary
  },
  'action.verified': (view, { action, result }, { at }) => {
    const { verdict, score, reasons } = result
    const state = ({ allow: 'allowed', deny: 'denied', review: 'awaiting_review' } as const)[verdict]
    change(view, action.stepId, {
      verdict,
      score,
      reasons,
      state,
      effects: action.effects,
      durationMs: undefined,
      startedAtMs: Date.parse(at),
    })
  },
  'action.invalid': (view, { stepId, error }) => change(view, stepId, { state: 'invalid', error }),
  'action.started': (view, { stepId }, { at }) =>
    change(view, stepId, { state: 'started', startedAtMs: Date.parse(at) }),
  'action.finished': (view, { stepId, outcome, retry }, { at }) => {
    const { state, error, durationMs } = outcome
    const next = retry && { attempt: retry.attempt, retryAt: new Date(Date.parse(at) + retry.waitMs).toISOString() }
    change(view, stepId, { state: retry ? 'retrying' : state, error, durationMs, ...next })
  },
  'wait.begun': (view, { stepId, ms, until, signal }, { at }) => {
    const end = ms === undefined ? until : new Date(Date.parse(at) + ms).toISOString()
    const waits = { ...(end !== undefined && { until: end }), ...(signal !== undefined && { signal }) }
    change(view, stepId, { state: 'waiting', waits })
  },
  'wait.ended': (view, { stepId, by }) =>
    change(
      view,
      stepId,
      by === 'timeout'
        ? { state: 'failed', error: { code: 'wait_timeout', message: 'no signal came in time' } }
        : { state: 'succeeded' },
    ),
  'action.refused': (view, { stepId, error }) => {
    view.refusals += 1
    change(view, stepId, { state: 'failed', error })
  },
  'review.requested': (view, { stepId, reasons }) => change(view, stepId, { state: 'awaiting_review', reasons }),
  'review.decided': (view, { stepId, decision }) => {
    if (decision === 'deny') change(view, stepId, { state: 'denied' })
    if (decision === 'amend') change(view, stepId, { state: 'proposed' })
  },
  'review.expired': (view, { stepId }) =>
    change(view, stepId, { state: 'denied', error: { code: 'review_expired', message: 'nobody decided in time' } }),
  'run.validated': (view, { outputs }) => {
    view.outputs = outputs
  },
  'run.failed': (view, { error }) => {
    view.error = error
  },
  'run.cancel_requested': (view, { reason }, { actor }) => {
    view.cancel = { by: actor, reason }
  },
  'run.cancelled': (view) => {
    for (const step of stepsOf(view)) if (!hasEnded(step)) step.state = 'cancelled'
  },
}

/** Takes the next entry of the run into account. Erased payloads still count with what their headers say. */
export function applyEntry(view: RunView, entry: EntryRecord): void {
  const { header } = entry
  handle(view, header.kind, entry)
  if (!header.transition) return
  view.state = header.transition.to
  if (['success', 'fail', 'cancelled'].includes(view.state)) view.finishedAtMs = Date.parse(header.at)
}

function handle<K extends EntryKind>(view: RunView, kind: K, { header, payload }: EntryRecord): void {
  const parsed = ENTRY_PAYLOADS[kind].safeParse(payload)
  if (parsed.success) HANDLERS[kind]?.(view, parsed.data as EntryPayload<K>, header)
}

/** The plans of the run that this one is a fork of, with what was performed there. */
function takeOver(view: RunView, { entries }: TakenOver): void {
  // They were entries of that run, and stay as they were.
  for (const entry of entries as unknown as EntryRecord[]) handle(view, entry.header.kind, entry)
  for (const step of stepsOf(view)) if (hasEnded(step)) step.takenOver = true
}

function change(view: RunView, stepId: string, to: Partial<StepView>): void {
  const step = stepsOf(view).find((candidate) => candidate.stepId === stepId)
  if (step) Object.assign(step, to)
}
