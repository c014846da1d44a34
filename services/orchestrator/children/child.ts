import { AzoraError, uuidv7 } from '@azora/base'
import {
  CHILD_DEPTH_MAX,
  CHILDREN_MAX,
  ChildInput,
  type JsonObject,
  RUN_START,
  type RunSpec,
  type Step,
} from '@azora/contracts'
import { sha256Hex } from '@azora/proof'
import type { RunFold } from '../fold/run-fold.ts'
import type { StepFold } from '../fold/step-fold.ts'

export const startsChild = ({ skill }: Pick<Step, 'skill'>): boolean => skill === RUN_START

/** True while the child of a step's newest attempt has not been heard to end. */
export const isOpen = ({ step, started, outcome, child }: StepFold): boolean =>
  startsChild(step) && started && !outcome && !child

/** True for a step that began a child and that its run, which undoes what it did, has left without hearing of that. */
const isLeft = ({ ending }: Pick<RunFold, 'ending'>, step: StepFold): boolean =>
  ending !== undefined &&
  startsChild(step.step) &&
  step.startedMs !== undefined &&
  step.compensates === undefined &&
  !step.takenOver &&
  !step.child

/** True for a step whose child has to be heard to end. */
export const isAwaited = (fold: Pick<RunFold, 'ending'>, step: StepFold): boolean => isOpen(step) || isLeft(fold, step)

/** The steps whose children have to end before the run undoes what it did. */
export const leftIn = (fold: Pick<RunFold, 'ending' | 'steps'>): StepFold[] =>
  fold.ending ? [...fold.steps.values()].filter((step) => isLeft(fold, step)) : []

/**
 * The id of the child that a step started last; undefined before it started one. It follows from the record, so that
 * whoever starts the child, and however often, starts the same one. Of a step that was taken over it is the other run's child.
 */
export function childOf({ spec }: Pick<RunFold, 'spec'>, step: StepFold): string | undefined {
  if (step.child) return step.child.run
  if (step.takenOver || step.startedMs === undefined || !startsChild(step.step)) return undefined
  const name = sha256Hex(`${spec.runId}:${step.step.id}:${step.attempts}`)
  return uuidv7(step.startedMs, Buffer.from(name.slice(0, 20), 'hex'))
}

/** Actions of a run's budget that its children may use, other than those of one step. */
export function actionsOfChildren({ steps }: Pick<RunFold, 'steps'>, other?: StepFold): number {
  let actions = 0
  for (const step of steps.values()) {
    if (step === other || !startsChild(step.step)) continue
    const input = ChildInput.safeParse(step.action?.input)
    if (input.success) actions += input.data.actions * Math.max(1, step.attempts)
  }
  return actions
}

/**
 * Whether the run may start one more child by this step.
 *
 * @throws AzoraError `children_too_deep`, `children_too_many`, `actions_exceeded`
 */
export function assertChildAllowed(fold: Pick<RunFold, 'spec' | 'steps'>, step: StepFold, input: JsonObject): void {
  const { parent, budget } = fold.spec
  if ((parent?.depth ?? 0) >= CHILD_DEPTH_MAX - 1)
    throw new AzoraError('fix', 'children_too_deep', `a run can have no more than ${CHILD_DEPTH_MAX - 1} runs above it`)
  const all = [...fold.steps.values()].filter((one) => startsChild(one.step))
  const started = all.reduce((sum, { attempts }) => sum + attempts, 0)
  if (started >= CHILDREN_MAX)
    throw new AzoraError('fix', 'children_too_many', `the run has started ${CHILDREN_MAX} children, the most it may`)
  const { actions } = ChildInput.parse(input)
  const used = fold.steps.size + actionsOfChildren(fold, step) + actions * (step.attempts + 1)
  if (used > budget.actions)
    throw new AzoraError(
      'fix',
      'actions_exceeded',
      `the run may propose ${budget.actions} actions, with those of its children; this makes ${used}`,
    )
}

/** What a child is: it acts for whom its parent acts for, within the same scope, but spends no money. */
export function childSpecOf({ spec }: Pick<RunFold, 'spec'>, step: StepFold): ChildSpec | undefined {
  const input = ChildInput.safeParse(step.action?.input)
  const { runId, owner, tenant, scope, priority, budget, deadline, shard, parent } = spec
  const id = childOf({ spec }, step)
  if (!input.success || id === undefined) return undefined
  const { spend: _spend, ...granted } = scope
  return {
    caller: { id: owner, tenant },
    runId: id,
    agentId: input.data.agent,
    ...(input.data.version !== undefined && { version: input.data.version }),
    input: input.data.input,
    scope: granted,
    priority,
    budget: { ...budget, ...step.share, actions: input.data.actions },
    // What undoes may have to after the deadline.
    ...(deadline && step.compensates === undefined && { deadline }),
    ...(shard && { shard }),
    parent: { run: runId, step: step.step.id, attempt: step.attempts, depth: (parent?.depth ?? 0) + 1 },
  }
}

export interface ChildSpec
  extends Pick<RunSpec, 'runId' | 'agentId' | 'input' | 'scope' | 'priority' | 'budget' | 'deadline' | 'shard'> {
  caller: { id: string; tenant: string }
  version?: string
  parent: NonNullable<RunSpec['parent']>
}
