import { describe, expect, it } from 'vitest'
import { replayOf, secondsOf, stateOf, termsOf } from './terms.ts'
import { attemptText } from './text.ts'

const usage = expect.objectContaining({ code: 'usage' })

describe('what is said', () => {
  it('is what a webhook is told', () => {
    expect(termsOf({})).toEqual({})
    expect(termsOf({ event: ['run.failed'], agent: ['writer'] })).toEqual({
      events: ['run.failed'],
      agents: ['writer'],
    })
    expect(() => termsOf({ event: ['run.exploded'] })).toThrow(usage)
    expect(stateOf('failed')).toBe('failed')
    expect(() => stateOf('lost')).toThrow(usage)
    expect(secondsOf('24h', '--overlap')).toBe(86_400)
  })

  it('is one event, or a time to begin at', () => {
    expect(replayOf({ event: 'azora/main/42' }, 0)).toEqual({ eventId: 'azora/main/42' })
    expect(replayOf({ since: '2h' }, 7_200_000)).toEqual({ since: '1970-01-01T00:00:00.000Z' })
    expect(replayOf({ since: '2027-01-31' }, 0)).toEqual({ since: '2027-01-31T00:00:00.000Z' })
    for (const flawed of [{}, { event: 'azora/main/1', since: '1h' }, { event: 'nonsense' }, { since: 'lately' }])
      expect(() => replayOf(flawed, 0)).toThrow(usage)
  })
})

it('an attempt is one line, whatever the receiver said', () => {
  expect(attemptText({ delivered: true, status: 204, durationMs: 12 })).toBe('204 in 12ms')
  const said = attemptText({ delivered: false, status: 500, durationMs: 5, excerpt: 'oh\nno\u001b[31m' })
  expect(said).toContain('500 in 5ms: oh no')
  expect(said).not.toContain('\u001b')
  expect(attemptText({ delivered: false, durationMs: 5, error: 'ECONNREFUSED' })).toBe('in 5ms: ECONNREFUSED')
})
