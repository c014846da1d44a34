import {
  type Compensation,
  type EntryPayload,
  type FailedEnd,
  isStateful,
  type Json,
  type JsonObject,
  type Step,
} from '@azora/contracts'
import type { Registry } from '@azora/skills'
import type { RunFold } from '../fold/run-fold.ts'
import type { StepFold } from '../fold/step-fold.ts'
import { stateOf } from '../fold/step-state.ts'
import { valueAt } from '../judging/bind.ts'
import { knownSkill } from './known-skill.ts'

type Undone = EntryPayload<'compensation.begun'>['steps']

/** What undoes the effects of a run that ends in this way: the newest effect first. */
export function compensationsFor(
  registry: Pick<Registry, 'skill'>,
  { steps }: Pick<RunFold, 'steps'>,
  end: FailedEnd,
): Undone {
  const done = [...steps.values()].filter((step) => tookEffect(step) && step.compensates === undefined)
  const undone: Undone = []
  for (const step of done.sort((a, b) => (b.endedAt ?? 0) - (a.endedAt ?? 0))) {
    const compensation = declaredFor(registry, step)
    if (!compensation?.on.includes(end)) continue
    const id = freeId(steps, undone.length + 1)
    undone.push({ compensates: step.step.id, step: undoing(step, compensation, id) })
  }
  return undone
}

/** What was taken over is the other run's to undo. */
const tookEffect = ({ action, outcome, takenOver }: StepFold): boolean =>
  !takenOver && action !== undefined && isStateful(action.effects) && outcome?.state === 'succeeded'

/** What the caller says goes before what the skill says. */
function declaredFor(registry: Pick<Registry, 'skill'>, { step, action }: StepFold): Compensation | undefined {
  if (step.compensation || !action) return step.compensation
  return knownSkill(registry, action.skillId, action.skillVersion)?.compensation
}

/** An agent may have used the name. */
function freeId(steps: RunFold['steps'], number: number): string {
  let id = `undo-${number}`
  while (steps.has(id)) id = `${id}-x`
  return id
}

function undoing({ step, action, outcome }: StepFold, { skill, version, input }: Compensation, id: string): Step {
  const values = { input: action?.input ?? {}, output: outcome?.output ?? null }
  return {
    id,
    skill,
    input: filled(input, values),
    after: [],
    reason: `undoes ${step.id}`,
    ...(version !== undefined && { version }),
  }
}

/** A value that isn't there leaves its place as it was declared: the skill's schema refuses that, and people are asked. */
function filled(template: JsonObject, values: { input: JsonObject; output: Json }): JsonObject {
  const fill = (value: Json): Json => {
    if (value === null || typeof value !== 'object') return value
    if (Array.isArray(value)) return value.map(fill)
    const [only, ...others] = Object.entries(value)
    const [name, pointer] = only ?? []
    if (others.length === 0 && typeof pointer === 'string') {
      if (name === '$input') return valueAt(values.input, pointer) ?? value
      if (name === '$output') return valueAt(values.output, pointer) ?? value
    }
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fill(inner)]))
  }
  return fill(template) as JsonObject
}

/** The step that has to be undone now; undefined when all are. */
export function nextToUndo({ steps }: Pick<RunFold, 'steps'>): [string, StepFold] | undefined {
  return [...steps].find(([, step]) => step.compensates !== undefined && !step.waived && stateOf(step) !== 'succeeded')
}
