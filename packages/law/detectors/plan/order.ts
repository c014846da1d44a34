import type { Json } from '@azora/contracts'
import { walkJson } from '../../facts/json-walk.ts'
import type { PlannedStep } from '../../request.ts'

/** By the id of each step: the steps that it waits for itself, by its `after` and by bindings in its input. */
export function dependenciesOf(steps: readonly PlannedStep[]): Map<string, ReadonlySet<string>> {
  return new Map(steps.map(({ step }) => [step.id, new Set([...step.after, ...boundTo(step.input)])]))
}

function boundTo(input: Json): string[] {
  const ids: string[] = []
  walkJson(input, (value, place) => {
    if (typeof value === 'string' && place.key === '$step' && !place.isKey) ids.push(value)
  })
  return ids
}

/** The step and all that wait for it, directly or by way of others. Cycles do no harm. */
export function dependentsOf(id: string, dependencies: ReadonlyMap<string, ReadonlySet<string>>): Set<string> {
  const found = new Set([id])
  for (const known of found) {
    for (const [other, waitsFor] of dependencies) if (waitsFor.has(known)) found.add(other)
  }
  return found
}
