import type { Trouble } from '@azora/journal'
import type { RouteHandlerMethod } from 'fastify'
import type { App } from './app.ts'

/** The journal waits longer for its database than callers like to wait for an answer. */
const PATIENCE_MS = 10_000
/** Trouble that lasts as long will not be over in a moment. */
const LASTING_MS = 2_000
const READS = new Set(['GET', 'HEAD'])

/**
 * For the routes that are registered later: while nothing can be put on record, what would change something is answered
 * with the reason, at once, or after a while when it had begun. What had begun may still come true.
 *
 * @param trouble what keeps the journal from writing at this moment
 */
export function answerInTime(app: App, trouble: () => Trouble | undefined): void {
  app.addHook('onRoute', (route) => {
    if (READS.has(String(route.method))) return
    route.handler = inTime(route.handler, trouble)
  })
}

const inTime = (handler: RouteHandlerMethod, trouble: () => Trouble | undefined): RouteHandlerMethod =>
  async function (request, reply) {
    const lasting = trouble()
    if (lasting && performance.now() - lasting.sinceMs > LASTING_MS) throw lasting.error
    const { promise, reject } = Promise.withResolvers<never>()
    const timer = setInterval(() => {
      const found = trouble()
      if (found) reject(found.error)
    }, PATIENCE_MS)
    try {
      return await Promise.race([handler.call(this, request, reply), promise])
    } finally {
      clearInterval(timer)
    }
  }
