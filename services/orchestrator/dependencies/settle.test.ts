import type { Dependency, RunState } from '@azora/contracts'
import { expect, it } from 'vitest'
import { settle } from './settle.ts'

const A = '018f0000-0000-7000-8000-00000000000a'
const B = '018f0000-0000-7000-8000-00000000000b'
const AFTER: Dependency[] = [
  { run: A, when: 'success' },
  { run: B, when: 'ended' },
]
const told = (ended: Array<[string, RunState]>) => settle(AFTER, new Map(ended))

it('waits until all have ended', () => {
  expect(told([])).toBeUndefined()
  expect(told([[A, 'success']])).toBeUndefined()
  expect(told([[B, 'fail']])).toBeUndefined()
})

it('is met when each ended as it asks, in the order in which they are named', () => {
  const ended = [
    { run: A, state: 'success' },
    { run: B, state: 'cancelled' },
  ]
  expect(
    told([
      [B, 'cancelled'],
      [A, 'success'],
    ]),
  ).toEqual({ met: true, ended })
})

it('is lost as soon as one that must succeed has not, whatever the others do', () => {
  expect(told([[A, 'fail']])).toEqual({ met: false, ended: [{ run: A, state: 'fail' }] })
  expect(told([[A, 'cancelled']])).toMatchObject({ met: false })
})
