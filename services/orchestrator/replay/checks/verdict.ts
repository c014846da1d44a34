import type { Entry, Money, VerificationContext, VerificationResult } from '@azora/contracts'
import type { Gate } from '@azora/law'
import { digestOf } from '@azora/proof'
import { claimBatch, releaseClaim } from '../../fold/batch.ts'
import { approvalOf, approvedBy, contextFor, type Judged } from '../../judging/propose.ts'
import { type Check, compared, notCompared } from '../check.ts'
import { lawBehind } from './law.ts'
import type { Scene } from './scene.ts'

type Verified = Entry<'action.verified'>

/** The verdict under the law that made it, told what it was told; whether people allowed it; and whether that was true. */
export async function checkVerdict(scene: Scene, entry: Verified & Entry): Promise<Check[]> {
  const { action, result, judged } = entry.payload
  const about = { kind: 'verdict' as const, step: action.stepId }
  if (!judged) return [notCompared(about, 'context_not_recorded', NO_CONTEXT)]
  const law = await lawBehind(scene.laws, result, about)
  if ('missing' in law) return [law.missing, ...checkContext(scene, entry, judged)]
  const now = judgedBy(law.gate, entry, judged)
  return [
    compared({ ...about, message: 'the verdict is another one', alone: true }, { result }, { result: now.result }),
    ...checkApproval(scene, entry, { result: now.judged, context: judged }),
    ...checkContext(scene, entry, judged),
  ]
}

/** The part of it that needs nothing but the entry. */
export async function checkVerdictAlone(laws: Scene['laws'], entry: Verified): Promise<Check> {
  const { action, result, judged } = entry.payload
  const about = { kind: 'verdict' as const, step: action.stepId }
  if (!judged) return notCompared(about, 'context_not_recorded', NO_CONTEXT)
  const law = await lawBehind(laws, result, about)
  if ('missing' in law) return law.missing
  const now = judgedBy(law.gate, entry, judged).result
  return compared({ ...about, message: 'the verdict is another one', alone: true }, { result }, { result: now })
}

const NO_CONTEXT = 'it was recorded without what the verdict depended on'

function judgedBy(gate: Gate, { payload }: Verified, judged: VerificationContext) {
  const { action, reviewId } = payload
  const said = gate.verify({ action, ...judged })
  const consented = said.verdict === 'review' && reviewId !== undefined
  const result: VerificationResult = consented ? { ...said, verdict: 'allow' } : said
  return { judged: said, result }
}

/** People's consent, which an allowed `review` needs and nothing else may have. */
function checkApproval({ past }: Scene, { header, payload }: Verified, judged: Judged): Check[] {
  const { action, reviewId } = payload
  const { fold, course } = past
  const step = fold.steps.get(action.stepId)
  if (!step || (judged.result.verdict !== 'review' && reviewId === undefined)) return []
  const about = { kind: 'verdict' as const, step: action.stepId, message: 'people did not allow it in this review' }
  if (judged.result.verdict !== 'review') return [compared(about, { reviewId }, { reviewId: null })]
  // Consent may have run out, or been claimed by others, between the verdict and its entry.
  const nowMs = Date.parse(header.at)
  const sinceMs = course.open(`attempt ${action.stepId}`)?.sinceMs ?? nowMs
  if (reviewId === undefined) {
    const unused = approvalOf(step, action, judged, nowMs) ?? null
    return [
      compared(
        { ...about, message: 'people allowed it, but they were asked again' },
        { reviewId: null },
        { reviewId: unused },
      ),
    ]
  }
  const batches = fold.batches.filter((batch) => batch.reviewId === reviewId)
  const found =
    approvedBy({ ...fold, batches }, step, action, judged, sinceMs) ??
    approvedBy({ ...fold, batches }, step, action, judged, nowMs) ??
    claimBatch(fold.batches, action.stepId, action, judged.result, nowMs)
  releaseClaim(fold.batches, action.stepId)
  return [compared(about, { reviewId }, { reviewId: found ?? null })]
}

function checkContext({ past }: Scene, entry: Verified & Entry, judged: VerificationContext): Check[] {
  const { stepId } = entry.payload.action
  const step = past.fold.steps.get(stepId)
  if (!step) return []
  const about = { kind: 'verdict' as const, step: stepId, message: 'the verdict was told something else of the run' }
  // Which nodes were connected is no fact of the run: it is taken as it was told.
  const now = contextFor(past.registryAt(entry), past.fold, step, judged.isolation)
  if (digestOf(now) === digestOf(judged)) return [compared(about, { judged }, { judged: now })]
  // It was judged some time before the entry: by what the run was then, and with money that others might be spending.
  for (const earlier of past.contextsOf(stepId, judged.isolation)) {
    if (agree(earlier, judged, past.spentLater(stepId))) return [compared(about, { judged }, { judged })]
  }
  return [compared(about, { judged }, { judged: now })]
}

/** Money of verdicts under way counts as spent, and is on record only once they are. */
function agree(derived: VerificationContext, recorded: VerificationContext, underWay: readonly Money[]): boolean {
  const { spent } = recorded.run
  if (digestOf({ ...derived, run: { ...derived.run, spent } }) !== digestOf(recorded)) return false
  const currencies = new Set([...spent, ...derived.run.spent].map(({ currency }) => currency))
  return [...currencies].every((currency) => {
    const surely = amountIn(derived.run.spent, currency)
    const told = amountIn(spent, currency)
    return surely <= told && told <= surely + amountIn(underWay, currency)
  })
}

const amountIn = (money: readonly Money[], of: string): number =>
  money.reduce((sum, { currency, amount }) => (currency === of ? sum + amount : sum), 0)
