import { randomUUID } from 'node:crypto'
import { type Entry, NewSchedule } from '@azora/contracts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { timesOf } from './cron.ts'
import { applyToSchedules, type ScheduleFold, type ScheduleFolds } from './fold.ts'
import { MADE_UP_MAX, nextStep, QUEUED_MAX } from './next.ts'

const SCHEDULE = '00000000-0000-4000-8000-000000000001'
const START = Date.parse('2026-06-01T00:00:30Z')
const MINUTE = 60_000
const MINUTELY = timesOf({ cron: '* * * * *', timeZone: 'UTC' }, START)
const timeOf = (minute: number): string => new Date(START - 30_000 + minute * MINUTE).toISOString()

function newFold(terms: object): { fold: ScheduleFold; put(kind: string, payload: object, tenant?: string): void } {
  const folds: ScheduleFolds = new Map()
  const put = (kind: string, payload: object, tenant = 'default'): void =>
    applyToSchedules(folds, { header: { kind, tenant, at: new Date(START).toISOString() }, payload } as Entry)
  const asked = NewSchedule.parse({ name: 'nightly', cron: '* * * * *', agentId: 'test.agent', ...terms })
  const schedule = { ...asked, scheduleId: SCHEDULE, tenant: 'default', owner: 'user:owner' }
  put('schedule.created', { schedule })
  return { fold: folds.get(SCHEDULE) as ScheduleFold, put }
}

/** Puts every step on record until there is none; a run that is due stays open unless `ends`. */
function workOff({ fold, put }: ReturnType<typeof newFold>, nowMs: number, ends = false): string[] {
  const done: string[] = []
  for (let step = nextStep(fold, MINUTELY, nowMs); step; step = nextStep(fold, MINUTELY, nowMs)) {
    const { kind, ...rest } = step
    const runId = randomUUID()
    put(kind, { scheduleId: SCHEDULE, ...rest, runId })
    if (ends) fold.open.delete(runId)
    const at = 'at' in step ? step.at : `${step.after}..${step.until} ${step.why}`
    done.push(`${kind.replace('schedule.', '')} ${at}`)
  }
  return done
}

describe('what is next for a schedule', () => {
  it('is nothing before the first time, and then one run', () => {
    const made = newFold({})
    expect(workOff(made, START + 29_999)).toEqual([])
    expect(workOff(made, START + 30_000, true)).toEqual([`due ${timeOf(1)}`])
    expect(workOff(made, START + 30_000, true)).toEqual([])
  })

  it.each([
    ['skip', [`skipped ${new Date(START).toISOString()}..${timeOf(4)} missed`, `due ${timeOf(5)}`]],
    ['one', [`skipped ${new Date(START).toISOString()}..${timeOf(4)} missed`, `due ${timeOf(5)}`]],
    ['all', [1, 2, 3, 4, 5].map((minute) => `due ${timeOf(minute)}`)],
  ])('after five minutes away, with %s', (missed, expected) => {
    expect(workOff(newFold({ missed }), START + 5 * MINUTE, true)).toEqual(expected)
  })

  it('is at most a hundred times that are made up for', () => {
    const done = workOff(newFold({ missed: 'all' }), START + 5_000 * MINUTE, true)
    expect(done).toHaveLength(MADE_UP_MAX + 1)
    expect(done[0]).toMatch(/^skipped .* missed$/)
    expect(done.at(-1)).toBe(`due ${timeOf(5_000)}`)
  })

  it.each([
    ['skip', `skipped ${timeOf(1)}..${timeOf(2)} overlap`],
    ['queue', `queued ${timeOf(2)}`],
    ['allow', `due ${timeOf(2)}`],
  ])('while a run goes on, with %s', (overlap, expected) => {
    const made = newFold({ overlap })
    workOff(made, START + MINUTE)
    expect(workOff(made, START + 2 * MINUTE)).toEqual([expected])
  })

  it('is what waited longest, when the run has ended; so much may wait', () => {
    const made = newFold({ overlap: 'queue' })
    for (let minute = 1; minute <= QUEUED_MAX + 2; minute += 1) workOff(made, START + minute * MINUTE)
    expect(made.fold.queued).toHaveLength(QUEUED_MAX)
    expect(made.fold.recent.at(-1)).toMatchObject({ state: 'skipped', why: 'queue_full' })
    made.fold.open.clear()
    expect(workOff(made, START + (QUEUED_MAX + 2) * MINUTE)).toEqual([`due ${timeOf(2)}`])
  })

  it('is nothing while it is paused, nor when who made it was removed, whoever has the name then', () => {
    const made = newFold({})
    made.put('schedule.paused', { scheduleId: SCHEDULE })
    expect(workOff(made, START + MINUTE)).toEqual([])
    made.put('schedule.resumed', { scheduleId: SCHEDULE })
    made.put('principal.removed', { principal: 'user:owner' }, 'other')
    expect(made.fold.state).toBe('active')
    made.put('principal.removed', { principal: 'user:owner' })
    made.put('principal.added', { principal: 'user:owner' })
    made.put('schedule.resumed', { scheduleId: SCHEDULE })
    expect(workOff(made, START + MINUTE)).toEqual([])
    expect(made.fold.state).toBe('stopped')
  })

  it('decides each time exactly once, in order, whatever the policies, stops and jumps of the clock', () => {
    const policies = fc.record({
      missed: fc.constantFrom('skip', 'one', 'all'),
      overlap: fc.constantFrom('skip', 'queue', 'allow'),
    })
    const looks = fc.array(fc.tuple(fc.integer({ min: -300, max: 8_000 }), fc.boolean()), { maxLength: 12 })
    fc.assert(
      fc.property(policies, looks, (terms, steps) => {
        const made = newFold(terms)
        let now = START
        const due: string[] = []
        for (const [seconds, ends] of steps) {
          now += seconds * 1_000
          const before = made.fold.decidedMs
          due.push(...workOff(made, now, ends).filter((step) => step.startsWith('due')))
          expect(made.fold.decidedMs).toBeGreaterThanOrEqual(before)
          const undecided = MINUTELY.after(made.fold.decidedMs) ?? 0
          expect(undecided).toBeGreaterThan(now)
        }
        expect(new Set(due).size).toBe(due.length)
        expect(due).toEqual(due.toSorted())
      }),
    )
  })
})
