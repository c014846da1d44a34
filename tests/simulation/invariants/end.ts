import { isTerminal } from '@azora/contracts'
import type { Promised } from '../cast/people.ts'
import type { World } from '../cast/world.ts'
import { payloadOf, type Tables } from '../database/tables.ts'
import { checkBudgets } from './budgets.ts'
import { must } from './flaw.ts'
import type { LogRecord, RunRecord } from './log.ts'
import type { Records } from './records.ts'

/** True for a run that has ended, or that goes on only when people, or another run of which that holds, do something. */
export function rests(record: RunRecord, log: LogRecord, { waits, children, dependencies }: Records): boolean {
  if (isTerminal(record.state)) return true
  if (children.isLeft(record, log) || children.isAwake(record, log)) return false
  if (record.state === 'paused' || waits.wordsFor(record).length > 0) return true
  if (children.waits(record, log) || dependencies.waits(record, log)) return true
  return record.state === 'awaiting_review' && [...record.reviews.values()].some(({ decided }) => !decided)
}

export const describe = ({ run, state, reviews, steps }: RunRecord): string => {
  const open = [...reviews.values()].filter(({ decided }) => !decided).length
  const about = [...steps].map(([id, step]) => `${id}:${step.finished ? 'finished' : step.started ? 'started' : '-'}`)
  return `${run} ${state}, ${open} reviews wait, ${about.join(' ')}`
}

/** What people were told holds. */
export function checkPromises(
  tables: Tables,
  log: LogRecord,
  { runs, commands, decisions, signals, moves }: Promised,
): void {
  for (const [key, runId] of runs) {
    must(log.runs.has(runId), 'no accepted run is lost', `${key} ${runId}`)
    const stored = tables.byKey.get(`request:default:${key}`)
    must(stored?.header.run === runId, 'one key, one run', `${key} ${runId}`)
  }
  const kinds = { pause: 'run.paused', resume: 'run.resumed', cancel: 'run.cancel_requested' } as const
  for (const { runId, kind } of commands) {
    const found = tables.byRun.get(runId)?.some(({ header }) => header.kind === kinds[kind])
    // To pause what is paused, and to resume what goes on, changes nothing.
    must(found === true || kind === 'resume', 'what people were told is on record', `${kind} ${runId}`)
  }
  for (const { reviewId, by } of decisions) {
    const found = tables.entries.some(
      (stored) => stored.header.actor === by && payloadOf(stored, 'review.decided')?.reviewId === reviewId,
    )
    must(found, 'what people were told is on record', `${by} decided ${reviewId}`)
  }
  for (const { key, runId, index } of signals) {
    const stored = tables.byKey.get(`signal:${runId}:${key}`)
    const isThere = stored?.header.index === index && payloadOf(stored, 'run.signalled') !== undefined
    must(isThere, 'what people were told is on record', `signal ${key} to ${runId}`)
  }
  for (const { runId, to, skills } of moves) {
    const isOrWas =
      to === undefined ||
      log.runs.get(runId)?.spec.agentVersion === to ||
      tables.byRun.get(runId)?.some((stored) => payloadOf(stored, 'run.migrated')?.to === to)
    must(isOrWas === true, 'what people were told is on record', `${runId} moved to ${to}`)
    const hasNewer = !skills || tables.byRun.get(runId)?.some(({ header }) => header.kind === 'run.skills_migrated')
    must(hasNewer === true, 'what people were told is on record', `${runId} moved to newer skills`)
  }
}

/** Everything has ended, and all accounts of it agree. */
export function checkEnd(tables: Tables, log: LogRecord, world: World): void {
  checkBudgets(tables)
  for (const record of log.runs.values()) {
    must(isTerminal(record.state), 'every run ends', describe(record))
    must(
      tables.listed.get(record.run)?.state === record.state,
      'the list says what the log says',
      `${describe(record)}, listed ${tables.listed.get(record.run)?.state}`,
    )
  }
  for (const stored of tables.entries) {
    const finished = payloadOf(stored, 'action.finished')
    // What the orchestrator does itself has its effect in the log.
    if (finished?.outcome.state !== 'succeeded' || finished.outcome.node === 'orchestrator') continue
    const key = `${stored.header.run}:${finished.stepId}`
    must(world.effects.has(key), 'what is said to have happened did', key)
  }
}
