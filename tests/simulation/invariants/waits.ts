import { payloadOf, type Stored } from '../database/tables.ts'
import { must } from './flaw.ts'
import type { Follower, RunRecord } from './log.ts'

interface Wait {
  signal: string | undefined
  untilMs: number
  ended: boolean
}

interface Word {
  name: string
  atMs: number
  taken: boolean
}

export interface WaitChecks extends Follower {
  /** Names of the signals without which a run doesn't go on. */
  wordsFor(record: RunRecord): string[]
}

/**
 * A wait ends once, not before its time, and takes a signal that no other took.
 *
 * @param shownMs the latest time that a server has read off its clock
 */
export function createWaitChecks(shownMs: () => number): WaitChecks {
  const runs = new Map<string, { waits: Map<string, Wait>; words: Map<number, Word> }>()
  const of = (run: string) => {
    const known = runs.get(run) ?? { waits: new Map(), words: new Map() }
    runs.set(run, known)
    return known
  }

  function begin(stored: Stored, run: string): void {
    const begun = payloadOf(stored, 'wait.begun')
    if (!begun) return
    const { stepId, ms, until, signal } = begun
    const { waits } = of(run)
    must(!waits.has(stepId), 'a step waits once', `${run} ${stepId}`)
    const endMs = ms === undefined ? Number.POSITIVE_INFINITY : Date.parse(stored.header.at) + ms
    waits.set(stepId, { signal, untilMs: until === undefined ? endMs : Date.parse(until), ended: false })
  }

  function end(stored: Stored, run: string): void {
    const ended = payloadOf(stored, 'wait.ended')
    if (!ended) return
    const { waits, words } = of(run)
    const about = `${run} ${ended.stepId} by ${ended.by}`
    const wait = waits.get(ended.stepId)
    must(wait !== undefined && !wait.ended, 'a wait ends once', about)
    wait.ended = true
    if (ended.by !== 'signal') {
      must((ended.by === 'time') === (wait.signal === undefined), 'a wait ends by what it waits for', about)
      must(shownMs() >= wait.untilMs, 'no time comes early', about)
      return
    }
    const word = words.get(ended.signal ?? -1)
    must(word?.name === wait.signal && word.atMs < wait.untilMs, 'a wait ends by what it waits for', about)
    must(!word.taken, 'a signal is taken once', about)
    word.taken = true
  }

  return {
    take(stored) {
      const { run, index, at } = stored.header
      if (run === undefined) return
      const word = payloadOf(stored, 'run.signalled')
      if (word) of(run).words.set(index, { name: word.name, atMs: Date.parse(at), taken: false })
      begin(stored, run)
      end(stored, run)
    },
    wordsFor({ run, state }) {
      if (state !== 'running') return []
      const { waits, words } = of(run)
      const open = [...waits.values()].filter(({ ended }) => !ended)
      // What time ends goes on by itself.
      if (open.some(({ untilMs }) => Number.isFinite(untilMs))) return []
      const names = open.flatMap(({ signal }) => signal ?? [])
      return names.filter((name) => [...words.values()].every((word) => word.taken || word.name !== name))
    },
  }
}
