/** What one action may use of the network, beside its own time limit. */
export const LIMITS = {
  /** Connections at one time. */
  connections: 32,
  /** Tunnels and requests in all. */
  requests: 2_000,
  /** Bytes in both directions, in all. */
  bytes: 1024 ** 3,
  headerBytes: 32 * 1024,
  /** A connection on which nothing moves. */
  idleMs: 30_000,
  /** Finding a name and connecting to what it leads to. */
  connectMs: 10_000,
  headersMs: 15_000,
}
export type EgressLimits = typeof LIMITS
