/** Times in microseconds. */
export interface Spread {
  samples: number
  p50: number
  p90: number
  p99: number
}

export const now = (): number => performance.now() * 1000

export function spreadOf(times: readonly number[]): Spread {
  const sorted = [...times].sort((a, b) => a - b)
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  return { samples: sorted.length, p50: at(0.5), p90: at(0.9), p99: at(0.99) }
}

export const median = (list: readonly number[]): number =>
  [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)] ?? 0

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
