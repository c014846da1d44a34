import type { Node } from './ast.ts'
import { conditionOf, type Test } from './condition.ts'
import { type Need, needsOf } from './need.ts'
import { narrowed, type Setting } from './setting.ts'

/** A condition that must be true, of which one of the needs must be met, if there are any. */
export interface Requirement {
  readonly test: Test
  readonly needs: readonly Need[]
}

/**
 * What must be true before Cedar could fail to evaluate a policy or find that it applies: its conjuncts from the left up to
 * the first that isn't understood. Undefined when that is never so in the setting.
 */
export function prefixOf(conjuncts: readonly Node[], setting: Setting): Requirement[] | undefined {
  const prefix: Requirement[] = []
  let reached = setting
  for (const node of conjuncts) {
    const condition = conditionOf(node, reached)
    if (condition === undefined) break
    if (condition === false) return undefined
    if (condition !== true) prefix.push({ test: condition, needs: needsOf(node, reached) })
    reached = narrowed(node, reached)
  }
  return prefix
}
