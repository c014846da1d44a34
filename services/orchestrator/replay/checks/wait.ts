import { WAIT_SIGNAL } from '@azora/contracts'
import { beginWait, endWait, signalsFor } from '../../driving/wait.ts'
import type { Signal, WaitFold } from '../../fold/wait-fold.ts'
import { type Check, compared } from '../check.ts'
import { lawAt } from './law.ts'
import { openMove } from './move.ts'
import type { Checker, Scene } from './scene.ts'

export const checkBegun: Checker<'wait.begun'> = (scene, { payload }) => {
  const { stepId } = payload
  const step = scene.past.fold.steps.get(stepId)
  const message = 'the step waits for something else'
  const now = step && beginWait(scene.past.fold, step)
  return [
    compared({ kind: 'action', step: stepId, message }, { kind: 'wait.begun', payload }, now ?? null),
    openMove(scene, 'wait.begun', `beginWait ${stepId}`),
  ]
}

/** An end by time may have been decided while a signal was on its way; it only has to be due. */
export const checkEnded: Checker<'wait.ended'> = async (scene, entry) => {
  const { header, payload } = entry
  const { stepId, by, signal } = payload
  const { fold, course } = scene.past
  const wait = fold.steps.get(stepId)?.wait
  const about = { kind: 'transition' as const, step: stepId, message: 'the wait does not end by this' }
  course.close(`endWait ${stepId}`)
  if (by !== 'signal') return [compared(about, { by, signal: signal ?? null }, timeUp(wait, Date.parse(header.at)))]
  const taken = signalsFor(fold).get(stepId)
  const same = compared(about, { by, signal }, taken ? { by, signal: taken.index } : null)
  return taken ? [same, ...(await observedAgain(scene, entry, taken))] : [same]
}

function timeUp(wait: WaitFold | undefined, atMs: number): unknown {
  if (!wait || atMs < wait.untilMs) return null
  return { by: wait.signal === undefined ? 'time' : 'timeout', signal: null }
}

async function observedAgain(
  { laws }: Scene,
  { header, payload }: Parameters<typeof checkEnded>[1],
  signal: Signal,
): Promise<Check[]> {
  const about = { kind: 'observation' as const, step: payload.stepId }
  const law = await lawAt(laws, header.at, about)
  if ('missing' in law) return [law.missing]
  const { observed } = endWait(law.gate, payload.stepId, { by: 'signal', signal })
  const message = `something else is found in what ${WAIT_SIGNAL} brought`
  return [compared({ ...about, message }, { observed: payload.observed ?? null }, { observed: observed ?? null })]
}
