import { expect, it } from 'vitest'
import { waitIn } from './plan-run.ts'

it.each([
  ['wait=10', 10],
  ['respond-async, wait=10', 10],
  ['wait="5"; foo', 5],
  ['WAIT = 3', 3],
  ['wait=600', 60],
  ['wait=0', 0],
  [undefined, undefined],
  ['', undefined],
  ['respond-async', undefined],
  ['await=10', undefined],
  ['wait=ten', undefined],
  ['wait=-1', undefined],
  ['wait=1x', undefined],
])('%j asks to wait for %j seconds', (prefer, seconds) => {
  expect(waitIn(prefer)).toBe(seconds)
})
