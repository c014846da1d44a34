import { type Entry, isErased, type Money, type NoIsolation, type VerificationContext } from '@azora/contracts'
import type { RecordedRegistry, RunView } from '@azora/skills'
import { isRepeatable } from '../deciding/repeatable.ts'
import { registryOf } from '../driving/run-registry.ts'
import { applyEntry, foldRun } from '../fold/fold.ts'
import type { RunFold } from '../fold/run-fold.ts'
import { contextFor } from '../judging/propose.ts'
import { type Course, createCourse } from './course.ts'

/** A run up to one of its entries. */
export interface Past {
  readonly fold: RunFold
  readonly course: Course
  /** Something before was erased: what is concluded from the past may be wrong. */
  readonly gap: boolean
  registryAt(entry: Entry): RunView
  /** What the gate could have been told about a step, from when its attempt was first open up to now, newest first. */
  contextsOf(stepId: string, isolation: NoIsolation | undefined): Generator<VerificationContext>
  /** Money that was allowed to other steps after now: verdicts on it may have been under way already. */
  spentLater(stepId: string): Money[]
  /** Time passes until this entry. */
  approach(entry: Entry): void
  /** Goes past it. */
  pass(entry: Entry): void
}

/** Undefined when the first entry doesn't schedule the run, or was erased. */
export function openPast(entries: readonly Entry[], registry: RecordedRegistry): Past | undefined {
  const [first] = entries
  if (!first || isErased(first)) return undefined
  const fold = foldRun([first])
  if (!fold) return undefined
  const registryAt = ({ header }: Entry, run: RunFold = fold) => registryOf(registry, run, header.index)
  const course = createCourse((run, stepId, at) => {
    const last = entries[Math.min(at, entries.length - 1)]
    return isRepeatable(run.steps.get(stepId), registryOf(registry, run, (last ?? first).header.index + 1))
  })
  let position = 0
  let gap = false
  const look = (at: string): void => course.look(fold, Date.parse(at), position)
  look(first.header.at)
  return {
    fold,
    course,
    get gap() {
      return gap
    },
    registryAt: (entry) => registryAt(entry),
    *contextsOf(stepId, isolation) {
      const from = course.open(`attempt ${stepId}`)?.position ?? 0
      const earlier = foldRun([first])
      if (!earlier) return
      const found: VerificationContext[] = []
      for (const [at, entry] of entries.slice(0, position + 1).entries()) {
        applyEntry(earlier, entry)
        const step = earlier.steps.get(stepId)
        if (at >= from && step) found.push(contextFor(registryAt(entry, earlier), earlier, step, isolation))
      }
      yield* found.reverse()
    },
    spentLater: (stepId) => entries.slice(position + 1).flatMap((entry) => spentBy(entry, stepId)),
    approach: ({ header }) => look(header.at),
    pass(entry) {
      position += 1
      if (isErased(entry)) gap ||= decides(entry)
      applyEntry(fold, entry)
      look(entry.header.at)
    },
  }
}

function spentBy({ header, payload }: Entry, otherThan: string): Money[] {
  if (header.kind !== 'action.verified' || payload === null || !('permission' in payload)) return []
  return payload.action.stepId === otherThan ? [] : (payload.action.resources.spend ?? [])
}

/** Kinds of which the header says all that matters to what follows. */
const EMPTY = new Set<Entry['header']['kind']>(['run.started', 'run.paused', 'run.resumed', 'review.notified'])

/** True for an entry whose payload matters to what is decided after it. */
export const decides = ({ header }: Entry): boolean => !EMPTY.has(header.kind)
