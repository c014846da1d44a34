import type { EntryHeader } from '@azora/contracts'
import type { Flaw } from './flaw.ts'
import type { LoggedEntry } from './frames.ts'
import {
  addTo,
  beginSegment,
  flawInRun,
  hasEnded,
  RECORD_BYTES,
  readSegment,
  type Segment,
  writeSegment,
} from './segments.ts'

/** Holds what is known of runs that are not looked at now: 36 bytes for each segment, in parts that are read one at a time. */
export interface RunShelf {
  /** Adds bytes to the end of a part. */
  add(part: number, bytes: Buffer): void
  /** All bytes of a part. */
  read(part: number): Promise<Buffer>
}

export const RUN_PARTS = 256

export interface RunChecker {
  /** Looks at an entry of a run. */
  add(header: EntryHeader, claim: LoggedEntry['kept']['state']): Flaw | undefined
  /** Puts everything away, then looks whether each run is whole. */
  finish(size: number): Promise<Flaw | undefined>
  /** Runs that were seen to begin. */
  readonly count: number
}

const OPEN_MAX = 50_000
const SHELF_BYTES = 8 * 1024

/**
 * Checks the lifecycle of every run in bounded memory.
 *
 * @param openMax runs that are remembered at a time; which ones makes no difference to what is found
 */
export function createRunChecker(shelf: RunShelf, openMax = OPEN_MAX): RunChecker {
  const open = new Map<string, Segment>()
  const parts = Array.from({ length: RUN_PARTS }, () => ({ bytes: Buffer.alloc(0), length: 0 }))
  let count = 0

  function putAway(segment: Segment): void {
    const name = Number.parseInt(segment.run.slice(-2), 16)
    const part = parts[name] as { bytes: Buffer; length: number }
    if (part.bytes.length === 0) part.bytes = Buffer.allocUnsafe(SHELF_BYTES)
    part.length = writeSegment(part.bytes, part.length, segment)
    if (part.length + RECORD_BYTES > SHELF_BYTES) flush(name)
  }

  function flush(name: number): void {
    const part = parts[name] as { bytes: Buffer; length: number }
    if (part.length > 0) shelf.add(name, Buffer.from(part.bytes.subarray(0, part.length)))
    part.length = 0
  }

  function makeRoom(): void {
    let left = Math.ceil(openMax / 10)
    for (const [run, segment] of open) {
      putAway(segment)
      open.delete(run)
      left -= 1
      if (left === 0) return
    }
  }

  return {
    get count() {
      return count
    },
    add(header, claim) {
      const { run } = header
      if (run === undefined) return undefined
      let segment = open.get(run)
      if (!segment) {
        if (open.size >= openMax) makeRoom()
        segment = beginSegment(header, run)
        open.set(run, segment)
        if (header.transition?.from === undefined && header.transition) count += 1
      }
      const before = segment.claimed
      const moved = segment.moved
      const flaw = addTo(segment, header)
      if (flaw || !header.transition) return flaw
      const claimFlaw = flawInClaim(segment, claim, { before, moved })
      if (claimFlaw) return { code: 'column_differs', index: header.index, what: claimFlaw }
      if (hasEnded(segment)) {
        putAway(segment)
        open.delete(run)
      }
      return undefined
    },
    async finish(size) {
      for (const segment of open.values()) {
        const { run, claimed, moved } = segment
        if (claimed > moved && claimed < size)
          return {
            code: 'column_differs',
            index: moved,
            what: `the server has run ${run} at entry ${claimed}, which does not move it`,
          }
        putAway(segment)
      }
      open.clear()
      for (const name of parts.keys()) {
        flush(name)
        const flaw = flawInPart(await shelf.read(name))
        if (flaw) return flaw
      }
      return undefined
    },
  }
}

/** What the server has as the run's state must be this entry's, or that of a later one. */
function flawInClaim(
  segment: Segment,
  claim: LoggedEntry['kept']['state'],
  { before, moved }: { before: number; moved: number },
): string | undefined {
  const { run, state, moved: index } = segment
  if (before > moved && before < index) return `the server had run ${run} at entry ${before}, which does not move it`
  if (!claim) return `it moves run ${run}, of which the server has no state`
  if (claim.index < index) return `it moves run ${run}, which the server has at the earlier entry ${claim.index}`
  if (claim.index === index ? claim.state !== state : hasEnded(segment))
    return `it brings run ${run} to ${state}, but the server has it in ${claim.state} since entry ${claim.index}`
  segment.claimed = claim.index
  return undefined
}

function flawInPart(bytes: Buffer): Flaw | undefined {
  const runs = new Map<string, Segment[]>()
  for (let at = 0; at + RECORD_BYTES <= bytes.length; at += RECORD_BYTES) {
    const segment = readSegment(bytes, at)
    const known = runs.get(segment.run)
    if (known) known.push(segment)
    else runs.set(segment.run, [segment])
  }
  let worst: Flaw | undefined
  for (const segments of runs.values()) {
    const flaw = flawInRun(segments.sort((a, b) => a.first - b.first))
    if (flaw && (worst?.index === undefined || (flaw.index ?? 0) < worst.index)) worst = flaw
  }
  return worst
}

/** A shelf in memory, for logs of which that is small enough. */
export function createMemoryShelf(): RunShelf {
  const parts = new Map<number, Buffer[]>()
  return {
    add(part, bytes) {
      const known = parts.get(part)
      if (known) known.push(bytes)
      else parts.set(part, [bytes])
    },
    read: async (part) => Buffer.concat(parts.get(part) ?? []),
  }
}
