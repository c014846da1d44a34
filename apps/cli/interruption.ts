/** Ctrl-C and termination as a signal for those who wait. */
export interface Interruption {
  readonly signal: AbortSignal
  /** Resolves at the first of them. */
  readonly happened: Promise<void>
  /** Gives Ctrl-C its usual meaning back. */
  dispose(): void
}

export function interruption(): Interruption {
  const controller = new AbortController()
  const stop = (): void => controller.abort()
  process.on('SIGINT', stop).on('SIGTERM', stop)
  return {
    signal: controller.signal,
    happened: new Promise((resolve) => controller.signal.addEventListener('abort', () => resolve(), { once: true })),
    dispose: () => void process.off('SIGINT', stop).off('SIGTERM', stop),
  }
}
