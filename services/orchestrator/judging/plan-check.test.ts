import type { Plan } from '@azora/contracts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stepOf } from '../testing/entries.ts'
import { checkPlan } from './plan-check.ts'

const isValid = (plan: Plan, taken: string[] = []): boolean => {
  try {
    checkPlan(plan, new Set(taken))
    return true
  } catch {
    return false
  }
}

/** Edges among ten steps, told apart by whether they are in `after` or a binding. */
const graph = fc.array(fc.record({ from: fc.nat({ max: 9 }), to: fc.nat({ max: 9 }), bound: fc.boolean() }), {
  maxLength: 14,
})

function planOf(edges: Array<{ from: number; to: number; bound: boolean }>): Plan {
  return {
    steps: Array.from({ length: 10 }, (_, at) => {
      const own = edges.filter(({ to }) => to === at)
      const after = own.filter(({ bound }) => !bound).map(({ from }) => `s${from}`)
      const input = Object.fromEntries(
        own.filter(({ bound }) => bound).map(({ from }) => [`x${from}`, { $step: `s${from}` }]),
      )
      return stepOf(`s${at}`, { after, input })
    }),
  }
}

/** Whether a step is reached from itself, found by walking every path. */
function hasCircle(edges: Array<{ from: number; to: number }>): boolean {
  const reach = (at: number, seen: Set<number>): boolean =>
    edges.some(({ from, to }) => from === at && (seen.has(to) || reach(to, new Set([...seen, to]))))
  return Array.from({ length: 10 }, (_, at) => at).some((at) => reach(at, new Set([at])))
}

describe('a plan', () => {
  it('is valid unless its steps wait for one another in a circle', () => {
    let circles = 0
    fc.assert(
      fc.property(graph, (edges) => {
        const circle = hasCircle(edges)
        if (circle) circles += 1
        expect(isValid(planOf(edges))).toBe(!circle)
      }),
      { numRuns: 300 },
    )
    expect(circles).toBeGreaterThan(20)
  })

  it.each([
    ['an id that is used twice', { steps: [stepOf('a'), stepOf('a')] }, [], 'step id a is used twice'],
    ['an id that the run used before', { steps: [stepOf('a')] }, ['a'], 'step id a is used twice'],
    ['a step after an unknown one', { steps: [stepOf('a', { after: ['b'] })] }, ['b'], 'step a comes after b'],
  ] as Array<[string, Plan, string[], string]>)('is refused for %s', (_, plan, taken, message) =>
    expect(() => checkPlan(plan, new Set(taken))).toThrow(
      expect.objectContaining({ code: 'plan_invalid', message: expect.stringContaining(message) }),
    ),
  )

  it('may be bound to steps of earlier plans', () =>
    expect(isValid({ steps: [stepOf('b', { input: { x: { $step: 'a' } } })] }, ['a'])).toBe(true))
})
