import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { timesOf } from './cron.ts'

const BERLIN = 'Europe/Berlin'

function timesIn(cron: string, timeZone: string, from: string, until: string): string[] {
  const { after } = timesOf({ cron, timeZone }, Date.parse(from))
  const found: string[] = []
  for (let at = after(Date.parse(from)); at !== undefined && at < Date.parse(until); at = after(at))
    found.push(new Date(at).toISOString().slice(0, 16))
  return found
}

describe('times', () => {
  it('follow the clock of the zone', () => {
    expect(timesIn('0 7 * * 1-5', BERLIN, '2026-03-26T00:00:00Z', '2026-03-31T00:00:00Z')).toEqual([
      '2026-03-26T06:00',
      '2026-03-27T06:00',
      '2026-03-30T05:00',
    ])
  })

  it.each([
    // On 2026-03-29 clocks in Berlin went from 2:00 to 3:00, and on 2026-10-25 from 3:00 back to 2:00.
    ['left out comes once, after the gap', '30 2 * * *', '2026-03-28T22:00Z', ['2026-03-29T01:00']],
    ['repeated comes once', '30 2 * * *', '2026-10-24T20:00Z', ['2026-10-25T00:30']],
    [
      'of a list that is repeated comes once',
      '0,30 2 * * *',
      '2026-10-24T20:00Z',
      ['2026-10-25T00:00', '2026-10-25T00:30'],
    ],
    ['of a list that is left out comes once', '0,30 2 * * *', '2026-03-28T22:00Z', ['2026-03-29T01:00']],
    ['left out that is another one comes once', '0 2-3 * * *', '2026-03-28T22:00Z', ['2026-03-29T01:00']],
  ])('a time %s', (_what, cron, from, expected) => {
    const until = new Date(Date.parse(from) + 10 * 3_600_000).toISOString()
    expect(timesIn(cron, BERLIN, from, until)).toEqual(expected)
  })

  it('of every hour follow real time over a change of the clock', () => {
    expect(timesIn('0 * * * *', BERLIN, '2026-10-24T23:30Z', '2026-10-25T03:30Z')).toHaveLength(4)
    expect(timesIn('0 * * * *', BERLIN, '2026-03-28T23:30Z', '2026-03-29T03:30Z')).toHaveLength(4)
  })

  it.each([
    ['61 * * * *', 'UTC', 'cron_invalid'],
    ['a b c d e', 'UTC', 'cron_invalid'],
    ['* * * * * *', 'UTC', 'cron_invalid'],
    ['0 0 30 2 *', 'UTC', 'cron_never'],
    ['* * * * *', 'Europe/Atlantis', 'time_zone_unknown'],
  ])('%s in %s is refused: %s', (cron, timeZone, code) => {
    expect(() => timesOf({ cron, timeZone }, 0)).toThrow(expect.objectContaining({ code }))
  })

  it('that passed are the last ones of all, however far back', () => {
    const minute = timesOf({ cron: '* * * * *', timeZone: 'UTC' }, 0)
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 1, max: 120 }), (minutes, most) => {
        const from = Date.parse('2026-06-01T00:00:30Z')
        const { times, more } = minute.lastIn(from, from + minutes * 60_000, most)
        expect(times).toHaveLength(Math.min(minutes, most))
        expect(more).toBe(minutes > most)
        if (minutes > 0) expect(times.at(-1)).toBe(from + minutes * 60_000 - 30_000)
      }),
    )
    const tenYears = minute.lastIn(0, 10 * 365 * 86_400_000, 100)
    expect(tenYears).toMatchObject({ more: true })
    expect(tenYears.times).toHaveLength(100)
  })
})
