import type { EntryPayload } from '@azora/contracts'
import { canonical } from '@azora/proof'
import { payloadOf, type Stored, type Tables } from '../database/tables.ts'
import { must } from './flaw.ts'
import type { Follower, RunRecord } from './log.ts'
import { takenEntries } from './taken.ts'

type Known = Pick<Stored, 'header' | 'payload'>

/** The step that an entry does, or ends, something of. */
function stepOf(entry: Known): string | undefined {
  const verified = payloadOf(entry as Stored, 'action.verified')
  if (verified) return verified.action.stepId
  const { stepId } = (entry.payload ?? {}) as { stepId?: unknown }
  return typeof stepId === 'string' ? stepId : undefined
}

/** A fork knows what is on record of the other run before the step that it goes on from, and does nothing of that again. */
export function createForkChecks({ entries, byRun }: Tables): Follower {
  /** By fork, the steps that it took over. */
  const taken = new Map<string, Set<string>>()

  function begin(scheduled: EntryPayload<'run.scheduled'>, { run }: RunRecord): void {
    const { forkOf } = scheduled.spec
    if (!forkOf || !scheduled.takenOver) return
    const all = takenEntries(scheduled)
    const source = historyOf(forkOf.run, scheduled.takenOver.index)
    for (const { header, payload } of all) {
      const known = entries[header.index]
      must(
        known !== undefined && canonical({ ...known.header }) === canonical({ ...header }),
        'a fork takes over what is on record',
        `${run} ${header.index}`,
      )
      must(
        canonical(known.payload) === canonical(payload),
        'a fork takes over what is on record',
        `${run} ${header.index}`,
      )
      const isOfSource = source.some((entry) => entry.header.index === header.index)
      must(isOfSource, 'a fork takes over what is of the other run', `${run} ${header.index}`)
    }
    const steps = new Set(all.flatMap((entry) => stepOf(entry) ?? []))
    taken.set(run, steps)
    for (const stepId of endedBefore(source, forkOf.step))
      must(steps.has(stepId), 'a fork takes over all that ended before', `${run} without ${stepId}`)
  }

  /** What a run knew of itself up to an entry. */
  function historyOf(run: string, last: number): Known[] {
    const [first, ...own] = (byRun.get(run) ?? []).filter(({ header }) => header.index <= last)
    const scheduled = first && payloadOf(first, 'run.scheduled')
    return [...(scheduled ? takenEntries(scheduled) : []), ...own]
  }

  return {
    take(stored, { runs }) {
      const { run = '' } = stored.header
      const record = runs.get(run)
      const scheduled = payloadOf(stored, 'run.scheduled')
      if (record && scheduled) begin(scheduled, record)
      const stepId = stepOf(stored)
      const isDoneAgain = stepId !== undefined && taken.get(run)?.has(stepId) === true
      must(!isDoneAgain, 'what was taken over is not done again', `${run} ${stepId} ${stored.header.kind}`)
    },
  }
}

/** Steps of the plans before that of a step whose actions or waits have ended. */
function endedBefore(history: readonly Known[], from: string | undefined): string[] {
  const plans = history.flatMap((entry) => payloadOf(entry as Stored, 'plan.proposed') ?? [])
  const own = plans.findIndex(({ plan }) => plan.steps.some(({ id }) => id === from))
  const before = plans.slice(0, from === undefined ? plans.length - 1 : own)
  const ended = new Set(history.flatMap((entry) => endedBy(entry as Stored) ?? []))
  return before.flatMap(({ plan }) => plan.steps.flatMap(({ id }) => (ended.has(id) ? [id] : [])))
}

function endedBy(entry: Stored): string | undefined {
  const finished = payloadOf(entry, 'action.finished')
  return finished && !finished.retry ? finished.stepId : payloadOf(entry, 'wait.ended')?.stepId
}
