import type { EgressReason, EgressRecord } from '@azora/contracts'
import type { Target } from './target.ts'

/** A connection that was permitted, while it lasts. */
export interface Flow {
  up(bytes: number): void
  down(bytes: number): void
  /** What was permitted turned out to be something else. */
  refuse(reason: EgressReason): void
  /** Puts it into the log, once. */
  end(): void
}

/** What an action did on the network: one row for each host, port, verdict and reason. */
export interface EgressLog {
  permitted(target: Target): Flow
  refused(target: Target | undefined, reason: EgressReason): void
  /** Bytes in both directions so far. */
  bytes(): number
  /** Tunnels and requests so far. */
  requests(): number
  rows(): EgressRecord[]
}

const ROWS_MAX = 100
/** Stands for a target that could not be read, and for all that there is no row for. */
const OTHER: Target = { host: '*', port: 0 }

export function createEgressLog(): EgressLog {
  const rows = new Map<string, EgressRecord>()
  const open = new Set<Flow>()
  let [bytes, requests] = [0, 0]

  function add(target: Target, reason: EgressReason | undefined, up: number, down: number): void {
    const keyOf = ({ host, port }: Target): string => `${host} ${port} ${reason}`
    const { host, port } = rows.has(keyOf(target)) || rows.size < ROWS_MAX - 10 ? target : OTHER
    const key = keyOf({ host, port })
    const row = rows.get(key) ?? { host, port, verdict: 'allowed', connections: 0, up: 0, down: 0 }
    row.connections += 1
    row.up += up
    row.down += down
    if (reason) Object.assign(row, { verdict: 'refused', reason })
    if (rows.has(key) || rows.size < ROWS_MAX) rows.set(key, row)
  }

  return {
    permitted(target) {
      requests += 1
      let [sent, received] = [0, 0]
      let reason: EgressReason | undefined
      const flow: Flow = {
        up(count) {
          sent += count
          bytes += count
        },
        down(count) {
          received += count
          bytes += count
        },
        refuse(why) {
          reason ??= why
        },
        end() {
          if (open.delete(flow)) add(target, reason, sent, received)
        },
      }
      open.add(flow)
      return flow
    },
    refused(target, reason) {
      requests += 1
      add(target ?? OTHER, reason, 0, 0)
    },
    bytes: () => bytes,
    requests: () => requests,
    rows() {
      for (const flow of open) flow.end()
      return [...rows.values()]
    },
  }
}
