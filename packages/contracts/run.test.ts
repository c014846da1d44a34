import { describe, expect, expectTypeOf, it } from 'vitest'
import { isTerminal, mayFollow, type Next, RunState, TRANSITIONS } from './run.ts'

const STATES = RunState.options

function reachableFrom(start: RunState): Set<RunState> {
  const found = new Set<RunState>([start])
  for (const state of found) for (const next of TRANSITIONS[state]) found.add(next)
  return found
}

describe('the lifecycle', () => {
  it('names every state', () => expect(Object.keys(TRANSITIONS).sort()).toEqual([...STATES].sort()))

  it('reaches every state from scheduled', () =>
    expect([...reachableFrom('scheduled')].sort()).toEqual([...STATES].sort()))

  it.each(['success', 'fail', 'cancelled'] as const)('ends with %s', (state) => {
    expect(isTerminal(state)).toBe(true)
    expect(STATES.filter((next) => mayFollow(state, next))).toEqual([])
  })

  it.each(STATES.filter((state) => !isTerminal(state)))('comes to an end from %s', (state) => {
    const ends = [...reachableFrom(state)].filter(isTerminal)
    expect(ends).toContain('fail')
  })

  it('succeeds by way of validated only', () =>
    expect(STATES.filter((state) => mayFollow(state, 'success'))).toEqual(['validated']))

  it('validates what runs only, so nothing is validated while it waits', () =>
    expect(STATES.filter((state) => mayFollow(state, 'validated'))).toEqual(['running']))

  it('is pinned: a change of it is a change of the journal', () =>
    expect(TRANSITIONS).toEqual({
      scheduled: ['running', 'paused', 'cancelled', 'fail'],
      running: ['validated', 'fail', 'paused', 'awaiting_review', 'cancelled'],
      validated: ['success', 'fail'],
      paused: ['scheduled', 'running', 'awaiting_review', 'cancelled', 'fail'],
      awaiting_review: ['running', 'paused', 'cancelled', 'fail'],
      success: [],
      fail: [],
      cancelled: [],
    }))

  it('is known to the compiler', () => {
    expectTypeOf<Next<'scheduled'>>().toEqualTypeOf<'running' | 'paused' | 'cancelled' | 'fail'>()
    expectTypeOf<Next<'validated'>>().toEqualTypeOf<'success' | 'fail'>()
    expectTypeOf<Next<'success'>>().toBeNever()
    expectTypeOf<'success'>().not.toExtend<Next<'running'>>()
  })
})
