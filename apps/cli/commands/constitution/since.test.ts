import { describe, expect, it } from 'vitest'
import { sinceOf } from './since.ts'

const NOW = Date.UTC(2026, 0, 10, 12)

describe('--since', () => {
  it.each([
    ['90m', '2026-01-10T10:30:00.000Z'],
    ['12h', '2026-01-10T00:00:00.000Z'],
    ['7d', '2026-01-03T12:00:00.000Z'],
    ['2026-01-02', '2026-01-02T00:00:00.000Z'],
    ['2026-01-02T03:04:05+01:00', '2026-01-02T02:04:05.000Z'],
  ])('%s is %s', (given, expected) => expect(sinceOf(given, NOW)).toBe(expected))

  it.each(['', 'yesterday', '7', '7y', '2026-13-01', '-3d', '999999w'])('%s is refused', (given) => {
    expect(() => sinceOf(given, NOW)).toThrow('no date and no duration')
  })
})
