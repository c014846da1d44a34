import type { Entry, EntryPayload, Occurrence, Schedule } from '@azora/contracts'

/** A schedule as the log has it. */
export interface ScheduleFold {
  schedule: Schedule
  createdAt: string
  state: 'active' | 'paused' | 'stopped'
  /** What comes after this time is undecided. */
  decidedMs: number
  /** Runs that were due and have not ended. */
  open: Map<string, OpenRun>
  /** Times that wait for the end of those. */
  queued: string[]
  /** The newest last. */
  recent: Occurrence[]
}

export interface OpenRun {
  at: string
  /** The run is on record. */
  started: boolean
}

const RECENT_MAX = 20

/** All schedules that there are, by id. */
export type ScheduleFolds = Map<string, ScheduleFold>

/** Takes one entry of the log; others than those of schedules, and of people who were removed, say nothing here. */
export function applyToSchedules(folds: ScheduleFolds, { header, payload }: Entry): void {
  if (header.kind === 'schedule.created') create(folds, header.at, payload as EntryPayload<'schedule.created'>)
  else if (header.kind === 'principal.removed')
    stopThoseOf(folds, header.tenant, payload as EntryPayload<'principal.removed'>)
  else if (header.kind.startsWith('schedule.')) change(folds, header, payload as EntryPayload<'schedule.paused'>)
}

function create(folds: ScheduleFolds, at: string, { schedule }: EntryPayload<'schedule.created'>): void {
  const nothing = { open: new Map(), queued: [], recent: [] }
  folds.set(schedule.scheduleId, {
    ...nothing,
    schedule,
    createdAt: at,
    state: 'active',
    decidedMs: Date.parse(at),
  })
}

/** For good: whoever gets the name next is somebody else. */
function stopThoseOf(folds: ScheduleFolds, tenant: string, { principal }: EntryPayload<'principal.removed'>): void {
  for (const fold of folds.values())
    if (fold.schedule.tenant === tenant && fold.schedule.owner === principal) fold.state = 'stopped'
}

type Change = Exclude<keyof typeof CHANGES, 'schedule.removed'>

function change(folds: ScheduleFolds, header: Entry['header'], payload: { scheduleId: string }): void {
  const fold = folds.get(payload.scheduleId)
  if (!fold) return
  if (header.kind === 'schedule.removed') folds.delete(payload.scheduleId)
  else CHANGES[header.kind as Change]?.(fold, payload as never, header.at)
}

const CHANGES = {
  'schedule.paused': (fold: ScheduleFold): void => {
    if (fold.state === 'active') fold.state = 'paused'
  },
  'schedule.resumed': (fold: ScheduleFold, _payload: unknown, at: string): void => {
    if (fold.state !== 'paused') return
    fold.state = 'active'
    decide(fold, at)
  },
  'schedule.due': (fold: ScheduleFold, { at, runId, triggered }: EntryPayload<'schedule.due'>): void => {
    fold.queued = fold.queued.filter((queued) => queued !== at)
    fold.open.set(runId, { at, started: false })
    if (!triggered) decide(fold, at)
    note(fold, { at, state: 'due', runId, ...(triggered && { triggered }) })
  },
  'schedule.queued': (fold: ScheduleFold, { at }: EntryPayload<'schedule.queued'>): void => {
    fold.queued.push(at)
    decide(fold, at)
    note(fold, { at, state: 'queued' })
  },
  'schedule.skipped': (fold: ScheduleFold, { after, until, why }: EntryPayload<'schedule.skipped'>): void => {
    decide(fold, until)
    note(fold, { at: until, state: 'skipped', after, why })
  },
  'schedule.refused': (fold: ScheduleFold, { runId, error }: EntryPayload<'schedule.refused'>): void => {
    fold.open.delete(runId)
    fold.recent = fold.recent.map((occurrence) =>
      occurrence.runId === runId ? { ...occurrence, state: 'refused', error } : occurrence,
    )
  },
}

/** The run is on record. */
export function noteStarted(fold: ScheduleFold, runId: string): void {
  const open = fold.open.get(runId)
  if (open) open.started = true
  fold.recent = fold.recent.map((occurrence) =>
    occurrence.runId === runId ? { ...occurrence, state: 'started' } : occurrence,
  )
}

function decide(fold: ScheduleFold, at: string): void {
  fold.decidedMs = Math.max(fold.decidedMs, Date.parse(at))
}

function note(fold: ScheduleFold, occurrence: Occurrence): void {
  const others = fold.recent.filter(({ at, state }) => !(state === 'queued' && at === occurrence.at))
  fold.recent = [...others, occurrence].slice(-RECENT_MAX)
}
