/** Runs that wait to be driven: priority 9 before 0, first come first served within one. */
export interface ReadyQueue {
  put(run: string, priority: number): void
  take(): string | undefined
}

export function createReadyQueue(): ReadyQueue {
  // A set keeps the order of arrival and holds each run once.
  const levels = Array.from({ length: 10 }, () => new Set<string>())
  return {
    put(run, priority) {
      levels[Math.max(0, Math.min(9, priority))]?.add(run)
    },
    take() {
      for (const level of levels.toReversed()) {
        const [run] = level
        if (run === undefined) continue
        level.delete(run)
        return run
      }
      return undefined
    },
  }
}
