import { describe, expect, it } from 'vitest'
import { AzoraError, toAzoraError } from './errors.ts'

describe('errors', () => {
  it('carry advice, code and what to do', () => {
    const details = [{ pointer: '/a', message: 'is missing' }]
    const error = new AzoraError('retry', 'overloaded', 'too much', { remedy: 'Wait.', retryAfterMs: 5, details })
    expect(error).toMatchObject({ advice: 'retry', code: 'overloaded', message: 'too much', remedy: 'Wait.', details })
    expect(error.retryAfterMs).toBe(5)
    expect(new AzoraError('fix', 'bad', 'bad')).toMatchObject({ details: [], remedy: undefined })
  })

  it('of ours stay as they are', () => {
    const error = new AzoraError('missing', 'run_not_found', 'no run')
    expect(toAzoraError(error)).toBe(error)
  })

  it.each([
    [new TypeError('x is undefined'), 'x is undefined'],
    ['a string', 'a string'],
    [null, 'null'],
  ])('that nobody expected are bugs, with their cause: %s', (thrown, message) =>
    expect(toAzoraError(thrown)).toMatchObject({ advice: 'bug', code: 'internal_error', message, cause: thrown }),
  )
})
