import { type Decision, decide } from '../deciding/decide.ts'
import type { RunFold } from '../fold/run-fold.ts'

/** A decision that the engine could take, and since when. */
export interface Open {
  decision: Decision
  /** Number of entries that were applied when it was first open. */
  position: number
  sinceMs: number
}

/**
 * What the engine could have decided by now. A decision is taken some time before its entry, and other entries may come
 * between the two, so each stays open until an entry comes of it.
 */
export interface Course {
  look(fold: RunFold, nowMs: number, position: number): void
  open(name: string): Open | undefined
  close(name: string): void
  names(): string[]
}

const NOTHING: ReadonlySet<string> = new Set()

/** @param isRepeatable as the registry says at the place of the log */
export function createCourse(isRepeatable: (fold: RunFold, stepId: string, position: number) => boolean): Course {
  const opened = new Map<string, Open>()
  return {
    look(fold, nowMs, position) {
      // With nothing in flight the engine decides all that it could decide with something.
      const decisions = decide(fold, {
        nowMs,
        inFlight: NOTHING,
        isRepeatable: (stepId) => isRepeatable(fold, stepId, position),
      })
      for (const decision of decisions) {
        const name = nameOf(decision)
        if (!opened.has(name)) opened.set(name, { decision, position, sinceMs: nowMs })
      }
    },
    open: (name) => opened.get(name),
    close: (name) => void opened.delete(name),
    names: () => [...opened.keys()].sort(),
  }
}

function nameOf(decision: Decision): string {
  if ('stepId' in decision) return `${decision.do} ${decision.stepId}`
  if (decision.do === 'reason') return `reason ${decision.turn}`
  return decision.do === 'fail' ? `fail ${decision.error.code}` : decision.do
}
