import type { Entry } from '@azora/contracts'
import { expect, it } from 'vitest'
import { newChanges } from './changes.ts'

const RUN = '01890a5d-ac96-774b-bcce-000000000001'
const entry = (index: number, kind: string, to?: string, payload: object | null = {}): Entry =>
  ({
    header: { index, kind, run: RUN, tenant: 'default', at: `at ${index}`, ...(to && { transition: { to } }) },
    payload,
  }) as never

it('what happens to a run in several commits becomes one change', () => {
  const changes = newChanges(7)
  changes.add([entry(7, 'run.scheduled', 'scheduled', { spec: { runId: RUN } }), entry(8, 'run.started', 'running')])
  changes.add([entry(9, 'action.verified'), entry(10, 'run.failed', 'fail', { error: { code: 'a', message: 'b' } })])
  expect([changes.from, changes.to, changes.lastOf]).toEqual([7, 11, new Map([[RUN, 10]])])
  expect(changes.list()).toEqual([
    {
      id: RUN,
      tenant: 'default',
      index: 10,
      since: 7,
      state: 'fail',
      spec: { runId: RUN },
      startedAt: 'at 8',
      finishedAt: 'at 10',
      error: { code: 'a', message: 'b' },
      reviews: { asked: [], settled: [], approved: [], earlier: 'gone' },
    },
  ])
})

it('entries of no run, and those that change no state, change nothing but the place', () => {
  const changes = newChanges(0)
  changes.add([entry(0, 'action.verified'), entry(1, 'action.finished')])
  expect([changes.to, changes.list()]).toEqual([2, []])
})

it('a review that is asked for moves no run, and is a change of it', () => {
  const changes = newChanges(0)
  changes.add([entry(0, 'review.requested', undefined, { reviewId: RUN })])
  expect(changes.list()).toMatchObject([{ id: RUN, index: 0, reviews: { asked: [{ id: RUN, index: 0, open: true }] } }])
})
