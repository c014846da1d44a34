import { type EntryHeader, isTerminal, mayFollow, RunState } from '@azora/contracts'
import type { Flaw } from './flaw.ts'

/**
 * Neighbouring entries of one run. A run is one segment while it is remembered; when it ends, or when too many are open, its
 * segment is put away, and later entries of it begin another one. What segments say of each other is checked at the end.
 */
export interface Segment {
  run: string
  /** Index of its first entry. */
  first: number
  /** Place of its first entry in the run; undefined when it has none. */
  place: number | undefined
  /** Place that would come next. */
  next: number | undefined
  /** What its first transition leaves; `new` when it leaves nothing, undefined when there is no transition. */
  from: RunState | 'new' | undefined
  /** Where its last transition leads. */
  state: RunState | undefined
  /** Index of its last transition. */
  moved: number
  /** Where the server has the run, as of the last transition. */
  claimed: number
}

export const RECORD_BYTES = 36
const NONE = 0xffffffff
const NO_STATE = 255
const NEW = 254

export const beginSegment = (header: EntryHeader, run: string): Segment => ({
  run,
  first: header.index,
  place: header.runIndex,
  next: header.runIndex,
  from: undefined,
  state: undefined,
  moved: -1,
  claimed: -1,
})

/** Adds an entry to the segment, unless that is no step that a run takes. */
export function addTo(segment: Segment, { index, runIndex, transition }: EntryHeader): Flaw | undefined {
  if (runIndex !== segment.next) return misplaced(index, segment.run, runIndex, segment.next)
  if (segment.next !== undefined) segment.next += 1
  if (!transition) return undefined
  const { from, to } = transition
  const known = segment.from !== undefined
  if (known && from !== segment.state) return illegal(index, segment.run, from, segment.state)
  if (from === undefined ? to !== 'scheduled' : !mayFollow(from, to))
    return {
      code: 'run_broken',
      index,
      what: `run ${segment.run} goes from ${from ?? 'nothing'} to ${to}, which the lifecycle does not know`,
    }
  if (!known) segment.from = from ?? 'new'
  segment.state = to
  segment.moved = index
  return undefined
}

export const hasEnded = ({ state }: Segment): boolean => state !== undefined && isTerminal(state)

/** Checks that segments of one run, in their order, are the whole run. */
export function flawInRun(segments: readonly Segment[]): Flaw | undefined {
  let state: RunState | undefined
  let next: number | undefined
  for (const [at, segment] of segments.entries()) {
    const { first, run, place, from } = segment
    const wanted = at === 0 && place !== undefined ? 0 : next
    if (place !== wanted) return misplaced(first, run, place, wanted)
    if (from !== undefined && (from === 'new' ? undefined : from) !== state)
      return illegal(first, run, from === 'new' ? undefined : from, state)
    state = segment.state ?? state
    next = segment.next
  }
  return undefined
}

export function writeSegment(bytes: Buffer, at: number, segment: Segment): number {
  bytes.write(segment.run.replaceAll('-', ''), at, 'hex')
  bytes.writeDoubleBE(segment.first, at + 16)
  bytes.writeUInt32BE(segment.place ?? NONE, at + 24)
  bytes.writeUInt32BE(segment.next ?? NONE, at + 28)
  bytes[at + 32] = segment.from === 'new' ? NEW : codeOf(segment.from)
  bytes[at + 33] = codeOf(segment.state)
  bytes.writeUInt16BE(0, at + 34)
  return at + RECORD_BYTES
}

export function readSegment(bytes: Buffer, at: number): Segment {
  const hex = bytes.toString('hex', at, at + 16)
  const from = bytes[at + 32] as number
  return {
    run: [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-'),
    first: bytes.readDoubleBE(at + 16),
    place: countOf(bytes.readUInt32BE(at + 24)),
    next: countOf(bytes.readUInt32BE(at + 28)),
    from: from === NEW ? 'new' : RunState.options[from],
    state: RunState.options[bytes[at + 33] as number],
    moved: -1,
    claimed: -1,
  }
}

const codeOf = (state: RunState | undefined): number =>
  state === undefined ? NO_STATE : RunState.options.indexOf(state)
const countOf = (count: number): number | undefined => (count === NONE ? undefined : count)

const misplaced = (index: number, run: string, place: number | undefined, wanted: number | undefined): Flaw => ({
  code: 'run_broken',
  index,
  what: `it has place ${place ?? 'none'} in run ${run}, where ${wanted ?? 'none'} comes next: an entry was left out, doubled or moved`,
})

const illegal = (index: number, run: string, from: RunState | undefined, state: RunState | undefined): Flaw => ({
  code: 'run_broken',
  index,
  what: `it moves run ${run} from ${from ?? 'nothing'}, but the run was ${state ?? 'not there yet'}`,
})
