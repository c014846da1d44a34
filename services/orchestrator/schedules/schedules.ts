import { randomUUID } from 'node:crypto'
import { AzoraError, timestamp, uuidv7 } from '@azora/base'
import {
  type Entry,
  type NewSchedule,
  NewSchedule as NewScheduleSchema,
  type Occurrence,
  type ScheduleView,
} from '@azora/contracts'
import type { TenantKeys } from '@azora/journal'
import type { Registry } from '@azora/skills'
import type { z } from 'zod'
import type { Caller } from '../commands/schedule.ts'
import { timesOf } from './cron.ts'
import type { ScheduleFold } from './fold.ts'
import { openScheduler, type SchedulerDeps } from './scheduler.ts'
import { viewSchedule } from './view.ts'

export interface SchedulesDeps extends SchedulerDeps {
  journal: SchedulerDeps['journal'] & TenantKeys
  registry: Pick<Registry, 'agent' | 'checkAgentInput'>
}

/** Runs that start by the clock, with the rights of whoever made the schedule. Every change is durable when it resolves. */
export interface Schedules {
  list(tenant: string): ScheduleView[]
  /** Throws `schedule_not_found`, as every method that names one. */
  get(tenant: string, name: string): ScheduleView
  /**
   * Throws `schedule_exists`, `schedules_too_many`, `cron_invalid`, `cron_never`, `time_zone_unknown`, `agent_not_found`,
   * `invalid_input`.
   */
  create(caller: Caller, request: NewSchedule): Promise<ScheduleView>
  /** Throws `schedule_stopped`. */
  pause(caller: Caller, name: string): Promise<ScheduleView>
  /** Throws `schedule_stopped`. */
  resume(caller: Caller, name: string): Promise<ScheduleView>
  /**
   * Starts a run now, also while the schedule is paused or a run goes on. Throws `schedule_stopped`, unless a request with this key
   * started one before.
   */
  trigger(caller: Caller, name: string, idempotencyKey?: string): Promise<Occurrence>
  remove(caller: Caller, name: string): Promise<void>
  stop(): Promise<void>
}

const SCHEDULES_MAX = 1_000

export async function createSchedules(deps: SchedulesDeps): Promise<Schedules> {
  const { journal, clock, registry } = deps
  const scheduler = await openScheduler(deps)
  const { folds, inTurn, work } = scheduler

  const ofTenant = (tenant: string): ScheduleFold[] =>
    [...folds.values()].filter(({ schedule }) => schedule.tenant === tenant)
  const view = (fold: ScheduleFold): ScheduleView => viewSchedule(fold, scheduler.timesOf(fold), clock.now())
  function find(tenant: string, name: string): ScheduleFold {
    const found = ofTenant(tenant).find(({ schedule }) => schedule.name === name)
    if (found) return found
    throw new AzoraError('missing', 'schedule_not_found', `there is no schedule ${name}`, {
      remedy: 'List them: azora schedule list',
    })
  }

  async function add(caller: Caller, request: z.output<typeof NewScheduleSchema>): Promise<ScheduleView> {
    assertRoom(ofTenant(caller.tenant), request.name)
    const scheduleId = randomUUID()
    const schedule = { ...request, scheduleId, tenant: caller.tenant, owner: caller.id }
    await journal.append({ kind: 'schedule.created', ...by(caller), payload: { schedule } })
    void work(scheduleId)
    return view(find(caller.tenant, request.name))
  }

  /** Puts `kind` on record unless the schedule is in that state already. */
  async function turn(
    caller: Caller,
    name: string,
    kind: 'schedule.paused' | 'schedule.resumed',
  ): Promise<ScheduleView> {
    const { scheduleId } = find(caller.tenant, name).schedule
    const changed = await inTurn(scheduleId, async () => {
      const fold = find(caller.tenant, name)
      assertGoing(fold)
      const wanted = kind === 'schedule.paused' ? 'paused' : 'active'
      if (fold.state !== wanted) await journal.append({ kind, ...by(caller), payload: { scheduleId, name } })
      return view(fold)
    })
    void work(scheduleId)
    return changed
  }

  return {
    list: (tenant) =>
      ofTenant(tenant)
        .map(view)
        .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    get: (tenant, name) => view(find(tenant, name)),
    async create(caller, request) {
      const parsed = NewScheduleSchema.parse(request)
      timesOf(parsed, clock.now())
      registry.checkAgentInput(registry.agent(parsed.agentId, parsed.agentVersion), parsed.input)
      // Of two with one name, the second sees the first.
      return inTurn(`tenant ${caller.tenant}`, () => add(caller, parsed))
    },
    pause: (caller, name) => turn(caller, name, 'schedule.paused'),
    resume: (caller, name) => turn(caller, name, 'schedule.resumed'),
    async trigger(caller, name, idempotencyKey = randomUUID()) {
      const fold = find(caller.tenant, name)
      const { scheduleId } = fold.schedule
      const now = clock.now()
      const due = { scheduleId, name, at: timestamp(now), runId: uuidv7(now), triggered: true as const }
      const key = `schedule.triggered:${scheduleId}:${idempotencyKey}`
      const { header, duplicate } = await inTurn(scheduleId, async () => {
        const first = await beforeItStopped(caller.tenant, name, key)
        if (first) return { header: first.header, duplicate: true }
        assertGoing(find(caller.tenant, name))
        return journal.append({ kind: 'schedule.due', ...by(caller), payload: due, key })
      })
      await work(scheduleId)
      const { at, runId } = duplicate ? await dueAt(header.index) : due
      return fold.recent.find((one) => one.runId === runId) ?? { at, runId, state: 'started', triggered: true }
    },
    async remove(caller, name) {
      const { scheduleId } = find(caller.tenant, name).schedule
      await inTurn(scheduleId, async () => {
        find(caller.tenant, name)
        await journal.append({ kind: 'schedule.removed', ...by(caller), payload: { scheduleId, name } })
      })
      void work(scheduleId)
    },
    stop: scheduler.stop,
  }

  /** A request that is repeated is answered also where nothing new may begin. */
  async function beforeItStopped(tenant: string, name: string, key: string): Promise<Entry | undefined> {
    return find(tenant, name).state === 'stopped' ? journal.within(tenant).keyed(key) : undefined
  }

  async function dueAt(index: number): Promise<{ at: string; runId: string }> {
    const [row] = await journal.scan(['schedule.due'], index - 1)
    return JSON.parse(row?.payload ?? '{}')
  }
}

const by = ({ id, tenant }: Caller) => ({ actor: id, tenant })

function assertGoing({ state, schedule }: ScheduleFold): void {
  if (state !== 'stopped') return
  throw new AzoraError('conflict', 'schedule_stopped', `${schedule.owner}, who made the schedule, was removed`, {
    remedy: 'Make a new one, and remove this one: azora schedule remove NAME',
  })
}

function assertRoom(folds: readonly ScheduleFold[], name: string): void {
  if (folds.some(({ schedule }) => schedule.name === name))
    throw new AzoraError('conflict', 'schedule_exists', `there is a schedule ${name} already`, {
      remedy: 'Choose another name, or remove that one first: azora schedule remove NAME',
    })
  if (folds.length >= SCHEDULES_MAX)
    throw new AzoraError('conflict', 'schedules_too_many', `a tenant has at most ${SCHEDULES_MAX} schedules`, {
      remedy: 'Remove those that nobody needs: azora schedule list',
    })
}
