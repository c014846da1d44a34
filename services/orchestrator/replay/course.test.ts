import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decide } from '../deciding/decide.ts'
import { applyEntry, foldRun } from '../fold/fold.ts'
import type { RunFold } from '../fold/run-fold.ts'
import { entryOf, scheduled, specOf, stepOf } from '../testing/entries.ts'
import { historyFrom } from '../testing/history.ts'
import { createCourse } from './course.ts'

describe('the course of a run', () => {
  it('keeps a decision open until an entry comes of it', () => {
    const fold = foldRun([scheduled(specOf({ plan: { steps: [stepOf('a')] } }))]) as RunFold
    const course = createCourse(() => true)
    course.look(fold, 0, 0)
    expect(course.names()).toEqual(['start'])
    applyEntry(fold, entryOf(1, 'run.started', {}, { from: 'scheduled', to: 'running' }))
    course.look(fold, 7, 1)
    course.close('start')
    applyEntry(fold, entryOf(2, 'run.paused', {}, { from: 'running', to: 'paused' }))
    course.look(fold, 9, 2)
    expect(course.names()).toEqual(['attempt a'])
    expect(course.open('attempt a')).toMatchObject({ position: 1, sinceMs: 7 })
  })

  it('has open whatever the engine may decide, with whatever in flight', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(1_000), { maxLength: 40 }),
        fc.array(fc.nat(5)),
        fc.boolean(),
        (choices, busy, again) => {
          const entries = historyFrom(choices)
          const fold = foldRun(entries) as RunFold
          const nowMs = Date.parse(entries.at(-1)?.header.at ?? '')
          const course = createCourse(() => again)
          course.look(fold, nowMs, 0)
          const names = [...fold.steps.keys()]
          const inFlight = new Set(busy.map((at) => names[at] ?? 'run'))
          const open = course.names().map((name) => course.open(name)?.decision)
          expect(open).toEqual(expect.arrayContaining(decide(fold, { nowMs, inFlight, isRepeatable: () => again })))
        },
      ),
    )
  })
})
