import type { Divergence, Entry, ReplayOutcome, Unreplayed, VerdictChange } from '@azora/contracts'
import type { Check } from './check.ts'
import { diffOf } from './diff.ts'

/** What a replay found so far. */
export interface Findings {
  /** Compares what a check says. True when it is the same, or can't be compared. */
  take(entry: Entry, check: Check, gap: boolean): boolean
  erased(entry: Entry, kind: Unreplayed['kind']): void
  change(change: VerdictChange): void
  readonly outcome: ReplayOutcome
  readonly result: FindingsResult
}

export interface FindingsResult {
  replayed: Partial<Record<Unreplayed['kind'], number>>
  divergences: Divergence[]
  moreDivergences: number
  unreplayed: Unreplayed[]
  moreUnreplayed: number
  changes: VerdictChange[]
  moreChanges: number
}

const KEPT_MAX = 100

export function createFindings(): Findings {
  const result: FindingsResult = {
    replayed: {},
    divergences: [],
    moreDivergences: 0,
    unreplayed: [],
    moreUnreplayed: 0,
    changes: [],
    moreChanges: 0,
  }
  const count = (kind: Unreplayed['kind']): void => {
    result.replayed[kind] = (result.replayed[kind] ?? 0) + 1
  }
  const leave = (unreplayed: Unreplayed): void => {
    if (result.unreplayed.length < KEPT_MAX) result.unreplayed.push(unreplayed)
    else result.moreUnreplayed += 1
  }

  return {
    take(entry, check, gap) {
      const place = placeOf(entry, check)
      if ('unreplayed' in check) {
        leave({ ...place, code: check.unreplayed, message: check.message })
        return true
      }
      const { differences, more } = diffOf(check.recorded, check.now)
      if (differences.length > 0 && gap && !check.alone) {
        leave({ ...place, code: 'depends_on_erased', message: 'it depends on what was erased before it' })
        return true
      }
      count(check.kind)
      if (differences.length === 0) return true
      if (result.divergences.length < KEPT_MAX)
        result.divergences.push({ ...place, message: check.message, differences, moreDifferences: more })
      else result.moreDivergences += 1
      return false
    },
    erased(entry, kind) {
      const why = entry.erasedBy === undefined ? '' : `, as entry ${entry.erasedBy} says`
      const message = `the payload of ${entry.header.kind} was erased${why}`
      leave({ ...placeOf(entry, { kind }), code: 'erased', message })
    },
    change(change) {
      if (result.changes.length < KEPT_MAX) result.changes.push(change)
      else result.moreChanges += 1
    },
    get outcome() {
      if (result.divergences.length > 0 || result.changes.length > 0) return 'diverged'
      return result.unreplayed.length > 0 ? 'incomplete' : 'same'
    },
    result,
  }
}

const placeOf = (
  { header }: Entry,
  { kind, step, turn }: { kind: Unreplayed['kind']; step?: string; turn?: number },
) => ({
  index: header.index,
  entry: header.kind,
  at: header.at,
  kind,
  ...(step !== undefined && { step }),
  ...(turn !== undefined && { turn }),
})
