import { AzoraError } from '@azora/base'
import { Cron } from 'croner'

/** The times of a schedule, in milliseconds since 1970. */
export interface Times {
  /** The first after a time; undefined when there is none. */
  after(ms: number): number | undefined
  /** The last ones after a time, up to another, in order; at most `most`, with what is known of earlier ones. */
  lastIn(afterMs: number, untilMs: number, most: number): { times: number[]; more: boolean }
}

const HOUR_MS = 3_600_000
const KNOWN_MAX = 512

/**
 * Where minute and hour are numbers, lists or ranges, a time that a change of the clock leaves out comes right after the gap,
 * and one that it repeats comes once. With `*` or a step, times come as real time passes.
 *
 * @throws AzoraError `cron_invalid`, `cron_never`, `time_zone_unknown`
 */
export function timesOf({ cron, timeZone }: { cron: string; timeZone: string }, nowMs: number): Times {
  assertZone(timeZone)
  const pattern = parse(cron, timeZone)
  const after = remembering((ms) => pattern.nextRun(new Date(ms))?.getTime())
  if (after(nowMs) === undefined)
    throw new AzoraError('fix', 'cron_never', `no time is ever ${cron}`, {
      remedy: 'Name a day that exists in the months named.',
    })
  return { after, lastIn: (afterMs, untilMs, most) => lastIn(after, afterMs, untilMs, most) }
}

/** The same times are asked for again and again while several are decided about; each costs a search of the pattern. */
function remembering(find: Times['after']): Times['after'] {
  const known = new Map<number, number | undefined>()
  return (ms) => {
    if (known.has(ms)) return known.get(ms)
    if (known.size >= KNOWN_MAX) known.clear()
    const found = find(ms)
    known.set(ms, found)
    return found
  }
}

function parse(cron: string, timezone: string): Cron {
  try {
    return new Cron(cron, { timezone, paused: true, mode: '5-part', fixedTimeRule: 'no-wildcard' })
  } catch (thrown) {
    const why = thrown instanceof Error ? thrown.message.replace(/^CronPattern: /, '') : String(thrown)
    throw new AzoraError('fix', 'cron_invalid', `${cron} is no pattern of times: ${why}`, {
      remedy: 'Give minute, hour, day of month, month and day of week, such as "0 7 * * 1-5".',
    })
  }
}

function assertZone(timeZone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone })
  } catch {
    throw new AzoraError('fix', 'time_zone_unknown', `there is no time zone ${timeZone}`, {
      remedy: 'Name one of the IANA database, such as Europe/Berlin.',
    })
  }
}

/** Looks back from the end, twice as far each time, so that a year of minutes costs no more than the last few hours. */
function lastIn(after: Times['after'], afterMs: number, untilMs: number, most: number): ReturnType<Times['lastIn']> {
  for (let backMs = HOUR_MS; ; backMs *= 2) {
    const fromMs = Math.max(afterMs, untilMs - backMs)
    const times: number[] = []
    for (let at = after(fromMs); at !== undefined && at <= untilMs; at = after(at)) times.push(at)
    if (times.length > most) return { times: times.slice(-most), more: true }
    if (fromMs === afterMs) return { times, more: false }
  }
}
