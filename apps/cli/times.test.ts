import { describe, expect, it } from 'vitest'
import { pastOf, startAtOf, timeOf } from './times.ts'

const NOW = Date.UTC(2026, 0, 10, 12)
const usage = expect.objectContaining({ code: 'usage' })

describe('a time that may lie before now', () => {
  it.each([
    ['90m', '2026-01-10T10:30:00.000Z'],
    ['12h', '2026-01-10T00:00:00.000Z'],
    ['7d', '2026-01-03T12:00:00.000Z'],
    ['1w', '2026-01-03T12:00:00.000Z'],
    ['2026-01-02', '2026-01-02T00:00:00.000Z'],
    ['2026-01-02T03:04:05Z', '2026-01-02T03:04:05Z'],
    ['2026-01-02T03:04:05+01:00', '2026-01-02T02:04:05.000Z'],
  ])('%s is %s', (given, expected) => expect(pastOf(given, '--since', NOW)).toBe(expected))

  it.each(['', 'yesterday', '7', '7y', '2026-13-01', '2026-02-30', '2026-01-02T03:04:05', '-3d', '999999w'])(
    '%s is refused',
    (given) => {
      expect(() => pastOf(given, '--until', NOW)).toThrow(`--until ${given} is no date, no time and no duration`)
    },
  )
})

it('a time that is to come is no duration', () => {
  expect(timeOf('2030-01-31', '--deadline')).toBe('2030-01-31T00:00:00.000Z')
  expect(timeOf('2030-01-31T12:00:00+02:00', '--deadline')).toBe('2030-01-31T10:00:00.000Z')
  for (const given of ['7d', 'soon', '2030-01-31T12:00']) expect(() => timeOf(given, '--deadline')).toThrow(usage)
})

it('a run begins at a time or after one', () => {
  expect(startAtOf({}, 0)).toBeUndefined()
  expect(startAtOf({ at: '2030-01-31T12:00:00Z' }, 0)).toBe('2030-01-31T12:00:00Z')
  expect(startAtOf({ in: '30d' }, 0)).toBe('1970-01-31T00:00:00.000Z')
  for (const options of [
    { at: 'soon' },
    { in: '5' },
    { in: '-1s' },
    { in: '999999999w' },
    { at: '2030-01-31T12:00:00Z', in: '1s' },
  ])
    expect(() => startAtOf(options, 0)).toThrow(usage)
})
