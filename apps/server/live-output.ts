import type { OutputEvent } from '@azora/contracts'

/** Brings what actions print to those who watch their runs. What nobody watches is not kept here. */
export interface LiveOutput {
  publish(runId: string, event: OutputEvent): void
  /** Returns a function that stops it. */
  watch(runId: string, listener: (event: OutputEvent) => void): () => void
}

export function createLiveOutput(): LiveOutput {
  const listeners = new Map<string, Set<(event: OutputEvent) => void>>()
  return {
    publish(runId, event) {
      for (const listener of listeners.get(runId) ?? []) listener(event)
    },
    watch(runId, listener) {
      const watching = listeners.get(runId) ?? new Set()
      listeners.set(runId, watching.add(listener))
      return () => {
        watching.delete(listener)
        if (watching.size === 0 && listeners.get(runId) === watching) listeners.delete(runId)
      }
    },
  }
}
