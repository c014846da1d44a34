import { usageError } from '../../exit.ts'

const UNITS = new Map([
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
  ['w', 604_800_000],
])

/** A date (`2026-11-01`, RFC 3339) or a duration before now (`90m`, `12h`, `7d`, `4w`) as an RFC 3339 time in UTC. */
export function sinceOf(given: string, nowMs: number): string {
  const [, count, unit = ''] = /^(\d{1,6})([mhdw])$/.exec(given) ?? []
  const ms = count === undefined ? dateOf(given) : nowMs - Number(count) * (UNITS.get(unit) ?? 0)
  if (Number.isFinite(ms) && ms >= 0) return new Date(ms).toISOString()
  throw usageError(`--since ${given} is no date and no duration`, 'Write it like 2026-11-01, 12h or 7d.')
}

const dateOf = (given: string): number => (/^\d{4}-\d{2}-\d{2}(T|$)/.test(given) ? Date.parse(given) : Number.NaN)
