import { type Entry, isErased, type Reason, type VerdictChange, type VerificationResult } from '@azora/contracts'
import type { Gate, OutputRequest } from '@azora/law'
import type { RecordedRegistry } from '@azora/skills'
import { planRequestOf } from '../driving/plan-request.ts'
import { outputRequestOf } from '../judging/output.ts'
import { notCompared } from './check.ts'
import type { Findings } from './findings.ts'
import { openPast, type Past } from './past.ts'
import type { Laws } from './ports.ts'

export interface OtherLawDeps {
  gate: Gate
  /** The laws that judged. */
  laws: Pick<Laws, 'byDigest' | 'inForceAt'>
  registry: RecordedRegistry
  signal: AbortSignal
}

type Before = Pick<VerificationResult, 'verdict' | 'reasons'>
type About = Pick<VerdictChange, 'about' | 'step' | 'skill' | 'turn'>

const REASONS_SHOWN = 20

/** Judges every plan, action and output on record by another law, told what was told then, and lists what it changes. */
export async function replayUnderLaw(deps: OtherLawDeps, entries: readonly Entry[], findings: Findings): Promise<void> {
  const past = openPast(entries, deps.registry)
  let changed = false

  function compare(entry: Entry, about: About, before: Before, after: Before): void {
    const kind = about.about === 'action' ? 'verdict' : about.about
    findings.take(entry, { kind, message: '', recorded: null, now: null }, false)
    if (before.verdict === after.verdict) return
    const { index, at } = entry.header
    findings.change({
      index,
      at,
      ...about,
      from: before.verdict,
      to: after.verdict,
      before: firstOf(before.reasons),
      after: firstOf(after.reasons),
      hypothetical: changed,
    })
    changed = true
  }

  for (const [at, entry] of entries.entries()) {
    await new Promise((resolve) => setImmediate(resolve))
    deps.signal.throwIfAborted()
    if (isErased(entry)) {
      if (JUDGED.has(entry.header.kind)) findings.erased(entry, 'verdict')
    } else {
      judgeAction(deps.gate, entry, findings, compare)
      if (past) judgePlan(deps, past, entry, compare)
      if (past) await judgeOutput(deps, past, entry, findings, compare)
    }
    if (at > 0) past?.pass(entry)
  }
}

type Compare = (entry: Entry, about: About, before: Before, after: Before) => void

const JUDGED = new Set<Entry['header']['kind']>(['run.scheduled', 'plan.proposed', 'action.verified', 'run.validated'])

const firstOf = (reasons: readonly Reason[]): Reason[] => reasons.slice(0, REASONS_SHOWN)

function judgeAction(gate: Gate, entry: Entry, findings: Findings, compare: Compare): void {
  if (entry.header.kind !== 'action.verified') return
  const { action, result, judged, reviewId } = (entry as Entry<'action.verified'>).payload
  const { stepId: step, skillId: skill } = action
  if (!judged) {
    const message = 'it was recorded without what the verdict depended on'
    findings.take(entry, notCompared({ kind: 'verdict', step }, 'context_not_recorded', message), false)
    return
  }
  compare(entry, { about: 'action', step, skill }, asJudged(result, reviewId), gate.verify({ action, ...judged }))
}

function judgePlan({ gate }: OtherLawDeps, past: Past, entry: Entry, compare: Compare): void {
  if (entry.header.kind !== 'plan.proposed') return
  const { turn, plan, result } = (entry as Entry<'plan.proposed'>).payload
  if (!result) return
  const request = planRequestOf(past.registryAt(entry), past.fold.spec, plan)
  compare(entry, { about: 'plan', turn }, result, gate.verifyPlan(request))
}

/** The output is ruled on once, though people may be asked about it in between. */
async function judgeOutput(
  { gate, laws }: OtherLawDeps,
  past: Past,
  entry: Entry,
  findings: Findings,
  compare: Compare,
): Promise<void> {
  if (!rulesOnOutput(entry) || past.fold.outputReview) return
  const request = outputRequestOf(past.fold)
  const before = rulingIn(entry) ?? (await rulingAgain(laws, entry, request))
  // Without what the run had read, what it quotes looks made up.
  if (past.gap)
    findings.take(entry, notCompared(OUTPUT, 'depends_on_erased', 'it depends on what was erased before it'), false)
  else if (!before) findings.take(entry, notCompared(OUTPUT, 'law_was_unavailable', NO_LAW), false)
  else compare(entry, { about: 'output' }, before, gate.verifyOutput(request))
}

const OUTPUT = { kind: 'output' as const }
const NO_LAW = 'no constitution that is kept here was in force then'

function rulesOnOutput({ header, payload }: Entry): boolean {
  if (header.kind === 'run.validated') return true
  if (header.kind === 'review.requested') return 'cause' in payload && payload.cause === 'output'
  return header.kind === 'run.failed' && 'error' in payload && payload.error.code === 'output_denied'
}

/** The verdict that an entry tells; a failure doesn't tell which one it was. */
function rulingIn({ header, payload }: Entry): Before | undefined {
  if (header.kind === 'run.validated' && 'result' in payload && payload.result) return payload.result
  if (header.kind === 'review.requested' && 'cause' in payload) return { verdict: 'review', reasons: payload.reasons }
  return undefined
}

async function rulingAgain(
  laws: OtherLawDeps['laws'],
  { header }: Entry,
  request: OutputRequest,
): Promise<Before | undefined> {
  const digest = await laws.inForceAt(header.at)
  const gate = digest === undefined ? undefined : await laws.byDigest(digest)
  return gate?.verifyOutput(request)
}

/** People allowed it, so the constitution had said review. */
const asJudged = (result: VerificationResult, reviewId: string | undefined): Before =>
  reviewId === undefined ? result : { ...result, verdict: 'review' }
