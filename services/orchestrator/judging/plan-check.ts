import { AzoraError } from '@azora/base'
import type { Plan } from '@azora/contracts'
import { boundSteps } from './bind.ts'

/**
 * Checks that a plan is a directed acyclic graph whose step ids are new to the run.
 *
 * @throws AzoraError `plan_invalid`
 */
export function checkPlan(plan: Plan, taken: ReadonlySet<string>): void {
  const before = new Map<string, string[]>()
  for (const { id, after, input } of plan.steps) {
    if (taken.has(id) || before.has(id)) throw invalid(`step id ${id} is used twice`)
    before.set(id, [...after, ...boundSteps(input)])
  }
  for (const { id, after } of plan.steps) {
    for (const other of after)
      if (!before.has(other)) throw invalid(`step ${id} comes after ${other}, which is not in the plan`)
  }
  const done = new Set<string>()
  for (let left = plan.steps.length; left > 0; ) {
    const isOver = (id: string): boolean => done.has(id) || !before.has(id)
    const ready = plan.steps.filter(({ id }) => !done.has(id) && before.get(id)?.every(isOver))
    if (ready.length === 0) throw invalid('its steps wait for one another in a circle')
    for (const { id } of ready) done.add(id)
    left -= ready.length
  }
}

const invalid = (why: string): AzoraError => new AzoraError('fix', 'plan_invalid', `the plan is not valid: ${why}`)
