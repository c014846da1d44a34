import { expect, it } from 'vitest'
import { afterOf } from './after.ts'

const A = '018f0000-0000-7000-8000-00000000000a'
const B = '018f0000-0000-7000-8000-00000000000b'

it('names each run once, and what is asked of its end', () => {
  expect(afterOf({})).toBeUndefined()
  expect(afterOf({ after: `${A}, ${B},${A}` })).toEqual([
    { run: A, when: 'success' },
    { run: B, when: 'success' },
  ])
  expect(afterOf({ after: A, afterFailure: 'run' })).toEqual([{ run: A, when: 'ended' }])
})

it('turns away what is no run and no way to go on', () => {
  for (const options of [
    { after: 'x' },
    { after: `${A},` },
    { after: A, afterFailure: 'wait' },
    { afterFailure: 'run' },
  ])
    expect(() => afterOf(options)).toThrow(expect.objectContaining({ code: 'usage' }))
})
