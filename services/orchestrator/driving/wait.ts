import { toAzoraError } from '@azora/base'
import {
  type EntryPayload,
  isWaitName,
  type JsonObject,
  SignalInput,
  type Step,
  TimerInput,
  WAIT_SIGNAL,
} from '@azora/contracts'
import { z } from 'zod'
import type { RunFold } from '../fold/run-fold.ts'
import type { StepFold } from '../fold/step-fold.ts'
import type { Signal } from '../fold/wait-fold.ts'
import { bindInput } from '../judging/bind.ts'
import type { Gate } from '../ports.ts'

export const isWait = ({ skill }: Pick<Step, 'skill'>): boolean => isWaitName(skill)

/** Why a wait ends now; undefined while it goes on. */
export type WaitEnd = { by: 'time' | 'timeout' } | { by: 'signal'; signal: Signal }

type Waiting = Pick<RunFold, 'steps' | 'signals'>

/**
 * The signal for each step that waits for one: of a name, the one that began to wait first gets the one that came first. A
 * signal that came after a wait's time is not for that wait.
 */
export function signalsFor({ steps, signals }: Waiting): Map<string, Signal> {
  const found = new Map<string, Signal>()
  if (signals.length === 0) return found
  const waiting = [...steps].filter(([, { wait, outcome }]) => wait?.signal !== undefined && !outcome)
  const taken = new Set<Signal>()
  for (const [stepId, { wait }] of waiting.sort(([, a], [, b]) => (a.wait?.begun ?? 0) - (b.wait?.begun ?? 0))) {
    const signal = signals.find(
      (candidate) => !taken.has(candidate) && candidate.name === wait?.signal && candidate.atMs < wait.untilMs,
    )
    if (!signal) continue
    taken.add(signal)
    found.set(stepId, signal)
  }
  return found
}

export function endOfWait(fold: Waiting, stepId: string, nowMs: number): WaitEnd | undefined {
  const wait = fold.steps.get(stepId)?.wait
  if (!wait) return undefined
  const signal = wait.signal === undefined ? undefined : signalsFor(fold).get(stepId)
  if (signal) return { by: 'signal', signal }
  if (nowMs < wait.untilMs) return undefined
  return { by: wait.signal === undefined ? 'time' : 'timeout' }
}

type Beginning = { [K in 'wait.begun' | 'action.invalid']: { kind: K; payload: EntryPayload<K> } }[
  | 'wait.begun'
  | 'action.invalid']

/** The entry with which a step begins to wait, or is said to be unable to. */
export function beginWait(fold: Pick<RunFold, 'steps'>, { step }: StepFold): Beginning {
  try {
    const input = bindInput(step.input, (stepId) => fold.steps.get(stepId)?.outcome?.output)
    return { kind: 'wait.begun', payload: { stepId: step.id, ...termsOf(step, input) } }
  } catch (thrown) {
    const flawed = thrown instanceof z.ZodError
    const { code, message } = flawed
      ? { code: 'invalid_input', message: z.prettifyError(thrown) }
      : toAzoraError(thrown)
    return { kind: 'action.invalid', payload: { stepId: step.id, skill: step.skill, error: { code, message } } }
  }
}

/** @throws ZodError */
function termsOf({ skill }: Step, input: JsonObject): Omit<EntryPayload<'wait.begun'>, 'stepId'> {
  const { ms, until, name } =
    skill === WAIT_SIGNAL ? SignalInput.parse(input) : { ...TimerInput.parse(input), name: undefined }
  return {
    ...(ms !== undefined && { ms }),
    ...(until !== undefined && { until }),
    ...(name !== undefined && { signal: name }),
  }
}

/** The entry with which a wait ends. What a signal says comes from outside, and counts as that. */
export function endWait(gate: Pick<Gate, 'inspect'>, stepId: string, end: WaitEnd): EntryPayload<'wait.ended'> {
  if (end.by !== 'signal') return { stepId, by: end.by }
  const resources = { read: [], write: [], hosts: [] }
  const observed = gate.inspect({ skillId: WAIT_SIGNAL, effects: ['external'], resources, output: end.signal.data })
  return { stepId, by: 'signal', signal: end.signal.index, observed }
}
