/** A few things of each kind at one time; the others wait in their order. */
export interface Turns {
  /** Resolves with a function that gives the turn back, or with nothing when the signal fires before. */
  take(kind: string, signal: AbortSignal): Promise<(() => void) | undefined>
}

interface Lane {
  taken: number
  waiting: Set<() => void>
}

/** @param max of one kind at one time */
export function createTurns(max: number): Turns {
  const lanes = new Map<string, Lane>()

  function giveBack(kind: string, lane: Lane): void {
    const [next] = lane.waiting
    if (next) {
      lane.waiting.delete(next)
      next()
      return
    }
    lane.taken -= 1
    if (lane.taken === 0) lanes.delete(kind)
  }

  return {
    take(kind, signal) {
      if (signal.aborted) return Promise.resolve(undefined)
      const lane = lanes.get(kind) ?? { taken: 0, waiting: new Set() }
      lanes.set(kind, lane)
      const turn = (): (() => void) => () => giveBack(kind, lane)
      if (lane.taken < max) {
        lane.taken += 1
        return Promise.resolve(turn())
      }
      return new Promise((resolve) => {
        const leave = (): void => {
          lane.waiting.delete(onTurn)
          resolve(undefined)
        }
        const onTurn = (): void => {
          signal.removeEventListener('abort', leave)
          resolve(turn())
        }
        lane.waiting.add(onTurn)
        signal.addEventListener('abort', leave, { once: true })
      })
    },
  }
}
