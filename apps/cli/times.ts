import { Timestamp } from '@azora/contracts'
import { z } from 'zod'
import { usageError } from './exit.ts'

const UNIT_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const
const DURATION = /^(\d{1,9})([smhdw])$/
const Written = z.union([z.iso.date(), z.iso.datetime({ offset: true })])

/** A time that may lie before now: a date, an RFC 3339 time, or a duration before now (`90m`, `12h`, `7d`, `4w`), in UTC. */
export function pastOf(given: string, name: string, nowMs: number): string {
  const before = msOf(given)
  const at = before === undefined ? writtenOf(given) : timeAt(nowMs - before)
  if (at !== undefined) return at
  throw usageError(
    `${name} ${given} is no date, no time and no duration`,
    'Write it like 2030-01-31, 2030-01-31T12:00:00Z or 7d.',
  )
}

/** A date or an RFC 3339 time, in UTC. */
export function timeOf(given: string, name: string): string {
  const at = writtenOf(given)
  if (at !== undefined) return at
  throw usageError(`${name} ${given} is no time`, `Give it like ${name} 2030-01-31T12:00:00Z.`)
}

/** When a run begins: at `--at`, or after `--in`; undefined when neither is given. */
export function startAtOf({ at, in: wait }: { at?: string; in?: string }, nowMs: number): string | undefined {
  if (at !== undefined && wait !== undefined) throw usageError('give --at or --in, not both')
  if (at !== undefined) return timeOf(at, '--at')
  if (wait === undefined) return undefined
  const begins = timeAt(nowMs + (msOf(wait) ?? Number.NaN))
  if (begins !== undefined) return begins
  throw usageError(`--in ${wait} is no time`, 'Give it like --in 90s, 10m, 2h or 30d.')
}

function msOf(given: string): number | undefined {
  const [, count, unit] = DURATION.exec(given) ?? []
  return unit === undefined ? undefined : Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS]
}

function writtenOf(given: string): string | undefined {
  if (Timestamp.safeParse(given).success) return given
  return Written.safeParse(given).success ? timeAt(Date.parse(given)) : undefined
}

/** Undefined outside of the years that people write with four digits. */
const timeAt = (ms: number): string | undefined =>
  ms >= 0 && ms < YEAR_10000_MS ? new Date(ms).toISOString() : undefined

const YEAR_10000_MS = Date.UTC(10_000, 0)
