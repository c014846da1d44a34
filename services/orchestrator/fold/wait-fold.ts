import { timestamp } from '@azora/base'
import type { Entry, EntryHeader, EntryPayload, Json, Outcome } from '@azora/contracts'
import { NO_NODE } from './no-node.ts'

/** A signal that the log holds. */
export interface Signal {
  readonly index: number
  readonly name: string
  readonly data: Json
  readonly from: string
  readonly atMs: number
}

/** A step that waits. */
export interface WaitFold {
  /** Index of the entry with which it began. */
  readonly begun: number
  readonly beganMs: number
  readonly untilMs: number
  readonly signal?: string
}

export function waitOf({ header, payload }: Entry<'wait.begun'>): WaitFold {
  const { ms, until, signal } = payload
  const beganMs = Date.parse(header.at)
  const endMs = ms === undefined ? Number.POSITIVE_INFINITY : beganMs + ms
  return {
    begun: header.index,
    beganMs,
    untilMs: until === undefined ? endMs : Date.parse(until),
    ...(signal !== undefined && { signal }),
  }
}

export const signalOf = ({ header, payload }: Entry<'run.signalled'>): Signal => ({
  index: header.index,
  name: payload.name,
  data: payload.data,
  from: header.actor,
  atMs: Date.parse(header.at),
})

/** What later steps and the agent see of a wait that has ended. */
export function outcomeOfWait(
  wait: WaitFold | undefined,
  signal: Signal | undefined,
  { by }: EntryPayload<'wait.ended'>,
  { at }: EntryHeader,
): Outcome {
  const durationMs = Math.max(0, Date.parse(at) - (wait?.beganMs ?? Date.parse(at)))
  const common = { durationMs, log: '', node: NO_NODE, isolation: 'none' }
  if (by === 'timeout')
    return {
      ...common,
      state: 'failed',
      error: { code: 'wait_timeout', message: `no signal ${wait?.signal ?? ''} came in time` },
    }
  const output = signal ? { data: signal.data, from: signal.from, at: timestamp(signal.atMs) } : { at }
  return { ...common, state: 'succeeded', output }
}
