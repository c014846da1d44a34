import type { Entry } from '@azora/contracts'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { applyEntry, foldRun } from '../fold/fold.ts'
import type { RunFold } from '../fold/run-fold.ts'
import { entryOf, scheduled, specOf, stepOf } from '../testing/entries.ts'
import { endOfWait, signalsFor } from './wait.ts'

const NAMES = ['x', 'y']
const IDS = ['a', 'b', 'c', 'd']
const moves = fc.array(
  fc.oneof(
    fc.record({ what: fc.constant('begin' as const), step: fc.nat(3), name: fc.nat(1), ms: fc.option(fc.nat(20)) }),
    fc.record({ what: fc.constant('signal' as const), name: fc.nat(1) }),
    fc.record({ what: fc.constant('end' as const), step: fc.nat(3) }),
  ),
  { maxLength: 30 },
)

it('each signal goes to one step at most, of its name and before its time, whatever the order', () =>
  fc.assert(
    fc.property(moves, (list) => {
      const plan = { steps: IDS.map((id) => stepOf(id, { skill: 'wait.signal', input: { name: 'x' } })) }
      const fold = foldRun([scheduled(specOf({ plan }))]) as RunFold
      const given = new Map<number, string>()
      const take = (entry: Entry): void => applyEntry(fold, entry)
      for (const move of list) {
        const index = fold.lastIndex + 1
        const stepId = 'step' in move ? (IDS[move.step] as string) : ''
        const step = fold.steps.get(stepId)
        const name = 'name' in move ? (NAMES[move.name] as string) : ''
        if (move.what === 'signal') take(entryOf(index, 'run.signalled', { name, data: index }))
        if (move.what === 'begin' && !step?.wait) {
          const ms = move.ms === null ? {} : { ms: move.ms }
          take(entryOf(index, 'wait.begun', { stepId, signal: name, ...ms }))
        }
        if (move.what === 'end' && step?.wait && !step.outcome) {
          const nowMs = Date.UTC(2026, 0, 1) + index
          const end = endOfWait(fold, stepId, nowMs)
          if (!end) continue
          if (end.by === 'signal') {
            expect(end.signal.name).toBe(step.wait.signal)
            expect(end.signal.atMs).toBeLessThan(step.wait.untilMs)
            expect(given.has(end.signal.index)).toBe(false)
            given.set(end.signal.index, stepId)
          } else expect(nowMs).toBeGreaterThanOrEqual(step.wait.untilMs)
          const signal = end.by === 'signal' ? { signal: end.signal.index } : {}
          take(entryOf(index, 'wait.ended', { stepId, by: end.by, ...signal }))
        }
        const assigned = [...signalsFor(fold).values()]
        expect(new Set(assigned).size).toBe(assigned.length)
        expect(assigned.some(({ index: other }) => given.has(other))).toBe(false)
      }
    }),
    { numRuns: 500 },
  ))
