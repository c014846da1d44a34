import type { Question } from '../question.ts'
import type { Node } from './ast.ts'
import type { Test } from './condition.ts'
import type { Need } from './need.ts'
import { prefixOf, type Requirement } from './prefix.ts'
import type { Setting } from './setting.ts'
import { type Entry, Shelves } from './shelves.ts'

/** Places, in ascending order, of the policies that may apply to a question or fail on it. */
export type Candidates = (question: Question) => number[]

/**
 * Sorts policies by what they need most particularly, so that a question comes upon few of them. `policies` are given by
 * their place in the law and their conjuncts, and asked about in one setting.
 */
export function indexOf(
  policies: ReadonlyArray<{ place: number; conjuncts: readonly Node[] }>,
  setting: Setting,
): Candidates {
  const prefixes = policies.flatMap(({ place, conjuncts }) => {
    const prefix = prefixOf(conjuncts, setting)
    return prefix ? [{ place, prefix }] : []
  })
  const shared = countNeeds(prefixes.flatMap(({ prefix }) => prefix))
  const always: Entry[] = []
  const shelves = new Shelves()
  for (const { place, prefix } of prefixes) {
    const entry = { place, applies: conjunctionOf(prefix.map(({ test }) => test)) }
    const needs = rarest(prefix, shared)
    for (const need of needs) shelves.add(need, entry)
    if (needs.length === 0) always.push(entry)
  }
  shelves.sort()
  return (question) => {
    const found: number[] = []
    for (const { place, applies } of always) if (applies(question)) found.push(place)
    shelves.collect(question, found)
    return found.length < 2 ? found : [...new Set(found)].sort((a, b) => a - b)
  }
}

function conjunctionOf(tests: readonly Test[]): Test {
  const [first, second] = tests
  if (!first) return () => true
  if (!second) return first
  return (question) => {
    for (const test of tests) if (!test(question)) return false
    return true
  }
}

/** A bound is met by many questions, so a text is always rarer. */
const MANY = 1_000_000

const nameOf = (need: Need): string => (need.kind === 'text' ? `${need.path} ${need.text}` : need.kind)

function countNeeds(requirements: readonly Requirement[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { needs } of requirements) {
    for (const need of needs) counts.set(nameOf(need), (counts.get(nameOf(need)) ?? 0) + 1)
  }
  return counts
}

/** The needs of the requirement that sends the fewest questions here. */
function rarest(prefix: readonly Requirement[], counts: ReadonlyMap<string, number>): readonly Need[] {
  let best: readonly Need[] = []
  let least = Number.POSITIVE_INFINITY
  for (const { needs } of prefix) {
    const weight = needs.reduce((sum, need) => sum + (need.kind === 'text' ? (counts.get(nameOf(need)) ?? 0) : MANY), 0)
    if (needs.length > 0 && weight < least) {
      best = needs
      least = weight
    }
  }
  return best
}
