import type { ActionView, Failure, Json, RunState, Step } from '@azora/contracts'

/** A step as it is shown: what the API says about an action, and since when it is at work. */
export interface StepView extends Pick<ActionView, 'stepId' | 'skill' | 'effects' | 'reasons' | 'state'> {
  verdict?: ActionView['verdict']
  score?: number | undefined
  /** Performed by the run that this one is a fork of. */
  takenOver?: boolean
  /** Why the agent proposes it. */
  reason?: string | undefined
  error?: Failure | undefined
  /** Where there is more than one attempt. */
  attempt?: number
  retryAt?: string
  waits?: ActionView['waits']
  durationMs?: number | undefined
  /** Milliseconds since 1970. */
  startedAtMs?: number
}

interface TurnView {
  turn: number
  note?: string | undefined
  steps: StepView[]
}

/** What is known of a run from the entries seen so far. */
export interface RunView {
  runId: string
  /** `direct` for a run of one skill. */
  agent: string
  state: RunState
  /** The entry that is shown first, in milliseconds since 1970. */
  scheduledAtMs?: number
  finishedAtMs?: number
  turns: TurnView[]
  outputs?: Json
  summary?: string | undefined
  error?: Failure | undefined
  /** Who asked for it to be cancelled. */
  cancel?: { by: string; reason?: string | undefined }
  /** Skills of nodes' refusals: a proof that they didn't accept. */
  refusals: number
}

export const newRunView = (runId: string): RunView => ({ runId, agent: '', state: 'scheduled', turns: [], refusals: 0 })

export const newStep = (step: Pick<Step, 'id' | 'skill' | 'reason'>): StepView => ({
  stepId: step.id,
  skill: step.skill,
  effects: [],
  reasons: [],
  state: 'proposed',
  reason: step.reason,
})

export const stepsOf = (view: RunView): StepView[] => view.turns.flatMap(({ steps }) => steps)

const ENDED: ReadonlySet<StepView['state']> = new Set(['invalid', 'denied', 'succeeded', 'failed', 'cancelled'])

export const hasEnded = (step: StepView): boolean => ENDED.has(step.state)

export const isAtWork = (step: StepView): boolean => step.state === 'allowed' || step.state === 'started'
