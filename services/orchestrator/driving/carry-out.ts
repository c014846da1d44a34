import { AzoraError } from '@azora/base'
import type { Draft, Journal } from '@azora/journal'
import { attemptStep } from '../attempt/attempt.ts'
import type { AttemptDeps } from '../attempt/deps.ts'
import { abandonStep, endStep } from '../attempt/finish.ts'
import { outcomeOfChild } from '../children/outcome.ts'
import type { Decision } from '../deciding/decide.ts'
import { goneInAgent, goneInStep } from '../fold/code-gone.ts'
import type { RunFold } from '../fold/run-fold.ts'
import type { StepFold } from '../fold/step-fold.ts'
import { askAgain, askToUndo, parkStep } from './asking.ts'
import { type Moves, SYSTEM, UNPAUSED } from './moves.ts'
import { reason, recognize, type Said, type TurnDeps } from './turn.ts'
import { beginWait, endOfWait, endWait } from './wait.ts'

/** From decisions to deeds. */
export async function carryOut(
  deps: AttemptDeps & TurnDeps & { journal: Pick<Journal, 'readRun'> },
  fold: RunFold,
  moves: Moves,
  decision: Decision,
  signal: AbortSignal,
): Promise<void> {
  const common = { tenant: fold.spec.tenant, run: fold.spec.runId, actor: SYSTEM }
  const withStep = async (stepId: string, work: (step: StepFold) => Promise<void>): Promise<void> => {
    const step = fold.steps.get(stepId)
    if (step) await work(step)
  }
  const { agentVersion: asked } = fold.spec
  const say = async (said: Said): Promise<void> => {
    const { agentId, agentVersion, plan, tenant, runId: run } = fold.spec
    if (agentVersion !== asked)
      throw new AzoraError('conflict', 'illegal_transition', `run ${run} was migrated meanwhile`)
    const actor = plan ? SYSTEM : `agent:${agentId}@${agentVersion}`
    await deps.conclude({ tenant, run, actor, ...said } as Draft)
  }
  const thinking = (work: () => Promise<void>): Promise<void> =>
    work().catch((thrown) => {
      const gone = goneInAgent(thrown)
      if (gone === undefined) throw thrown
      return moves.pause(gone)
    })
  switch (decision.do) {
    case 'start':
      return moves.start()
    case 'resume':
      return moves.resume()
    case 'recognize':
      return thinking(async () => say(await recognize(deps, fold)))
    case 'reason':
      return thinking(async () => say(await reason(deps, fold, decision.turn)))
    case 'attempt':
      return withStep(decision.stepId, (step) => attemptStep(deps, fold, step, signal))
    case 'beginWait':
      return withStep(decision.stepId, async (step) => {
        await deps.append({ ...common, ...beginWait(fold, step), standing: UNPAUSED } as Draft)
      })
    case 'endWait':
      return withStep(decision.stepId, async () => {
        const end = endOfWait(fold, decision.stepId, deps.clock.now())
        const payload = end && endWait(deps.gate, decision.stepId, end)
        if (payload) await deps.append({ ...common, kind: 'wait.ended', payload, standing: UNPAUSED })
      })
    case 'endChild':
      return withStep(decision.stepId, async (step) => {
        const entries = step.child ? await deps.journal.readRun(step.child.run) : []
        await endStep(deps, fold, step, outcomeOfChild(step, entries))
      })
    case 'park':
      return withStep(decision.stepId, (step) => parkStep(deps, step))
    case 'ask':
      return withStep(decision.stepId, (step) => askAgain(deps, step))
    case 'askToUndo':
      return withStep(decision.stepId, (step) => askToUndo(deps, step))
    case 'expire':
      return withStep(decision.stepId, (step) => moves.expireReview(step))
    case 'expireOutput':
      return moves.expireOutput()
    case 'abandon':
      return withStep(decision.stepId, (step) => {
        const gone = goneInStep(step)
        return gone === undefined ? abandonStep(deps, fold, step) : moves.pause(gone)
      })
    case 'validate':
      return moves.validate()
    case 'finish':
      return moves.finish()
    case 'cancel':
      return moves.cancel()
    case 'fail':
      return moves.fail(decision.error)
  }
}
