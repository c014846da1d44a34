import type { Action, PerformRequest } from '@azora/contracts'
import type { Machine } from '../engine/loop.ts'

/** One time that a node set about doing something. */
export interface Performance {
  readonly request: PerformRequest
  readonly node: Machine
  readonly beganMs: number
  /** It can't have an effect any more. */
  over: boolean
  /** When the node lost the connection over which it was asked. */
  lostMs: number | undefined
}

/** What actions do to the world. It outlives every process. */
export interface World {
  readonly performances: readonly Performance[]
  /** How often something happened under an idempotency key. */
  readonly effects: ReadonlyMap<string, number>
  begin(request: PerformRequest, node: Machine, nowMs: number): Performance
  /** It happens, unless it is over. What may be repeated happens once under its key. */
  happen(performance: Performance): void
  /** It is over, and nothing of it is left. */
  end(performance: Performance): void
  /** Called before anything is begun, and before anything happens. */
  onBegin: (performance: Performance) => void
  onEffect: (performance: Performance) => void
  /** Called when one has ended otherwise than by the death of its node. */
  onEnd: (performance: Performance) => void
}

export function createWorld(isRepeatable: (action: Action) => boolean): World {
  const performances: Performance[] = []
  const effects = new Map<string, number>()
  const world: World = {
    performances,
    effects,
    begin(request, node, beganMs) {
      const performance: Performance = { request, node, beganMs, over: false, lostMs: undefined }
      world.onBegin(performance)
      performances.push(performance)
      node.onDeath(() => {
        performance.over = true
      })
      return performance
    },
    happen(performance) {
      if (performance.over) return
      performance.over = true
      const { action, idempotencyKey } = performance.request
      const times = effects.get(idempotencyKey) ?? 0
      if (times > 0 && isRepeatable(action)) return
      world.onEffect(performance)
      effects.set(idempotencyKey, times + 1)
    },
    end(performance) {
      performance.over = true
      world.onEnd(performance)
    },
    onBegin: () => {},
    onEnd: () => {},
    onEffect: () => {},
  }
  return world
}
