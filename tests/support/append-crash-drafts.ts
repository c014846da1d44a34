import { type RunState, TRANSITIONS } from '@azora/contracts'
import type { Draft } from '@azora/journal'
import { move, note, schedule } from './journal.ts'

/** Numbers from 0 to below 1 that a seed determines (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const DRAFTS = 240
const RUNS = 12

/**
 * What a seed's journal is asked for: runs on their way through the lifecycle, mixed, every draft with a key. Some keys come
 * twice, and some drafts ask for what the lifecycle does not know.
 */
export function draftsOf(seed: number): Draft[] {
  const random = randomOf(seed)
  const below = (count: number): number => Math.floor(random() * count)
  const states = new Map<string, RunState>()
  const drafts: Draft[] = []
  let made = 0
  const newRun = (): string => {
    made += 1
    return `018f0000-0000-7000-8${`${seed % 1000}`.padStart(3, '0')}-${`${made}`.padStart(12, '0')}`
  }
  const runs = Array.from({ length: RUNS }, newRun)
  const step = (): Draft => {
    const at = below(RUNS)
    const run = runs[at] as string
    const state = states.get(run)
    if (state === undefined) {
      states.set(run, 'scheduled')
      return schedule(run)
    }
    if (random() < 0.5) return note(run, 'x'.repeat(below(400)))
    const next: readonly RunState[] = TRANSITIONS[state]
    const to = next[below(next.length)]
    if (to === undefined) {
      runs[at] = newRun()
      return note(run, 'after its end')
    }
    states.set(run, to)
    return move(run, state, to)
  }
  while (drafts.length < DRAFTS) {
    const number = drafts.length
    const dice = random()
    const earlier = drafts[below(Math.max(number, 1))]
    if (dice < 0.05 && earlier) drafts.push(earlier)
    else if (dice < 0.08) drafts.push({ ...move(newRun(), 'running', 'success'), key: `${number}` })
    else drafts.push({ ...step(), key: `${number}` })
  }
  return drafts
}
