import type { Publisher } from './publisher.ts'

const WAIT_MS_MAX = 1_500

/** Resolves with the next public checkpoint, or after a moment without one. */
export function nextPublished(publisher: Pick<Publisher, 'subscribe'>): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, WAIT_MS_MAX)
    const leave = publisher.subscribe(done)
    function done(): void {
      clearTimeout(timer)
      leave()
      resolve()
    }
  })
}
