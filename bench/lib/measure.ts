/** Times in microseconds. */
export interface Spread {
  samples: number
  p50: number
  p90: number
  p99: number
}

export const now = (): number => performance.now() * 1000

/** @returns the value below which a share of all lies */
export function percentilesOf(values: readonly number[]): (share: number) => number {
  const sorted = values.toSorted((a, b) => a - b)
  return (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}

export const median = (values: readonly number[]): number => percentilesOf(values)(0.5)

export function spreadOf(times: readonly number[]): Spread {
  const at = percentilesOf(times)
  return { samples: times.length, p50: at(0.5), p90: at(0.9), p99: at(0.99) }
}

/** Calls `work` with 0, 1, 2…; the first `warmUp` calls don't count. */
export function measure(samples: number, warmUp: number, work: (at: number) => unknown): Spread {
  for (let at = 0; at < warmUp; at += 1) work(at)
  const times: number[] = []
  for (let at = warmUp; at < warmUp + samples; at += 1) {
    const start = now()
    work(at)
    times.push(now() - start)
  }
  return spreadOf(times)
}
