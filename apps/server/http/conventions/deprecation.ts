import type { Operation } from '@azora/contracts'
import type { App } from '../app.ts'

/** Says with every answer of such an operation that it is deprecated, and until when there is one (RFC 9745, RFC 8594). */
export function announceDeprecations(app: App): void {
  app.addHook('onRoute', (route) => {
    const deprecated = route.config?.operation?.deprecated
    if (!deprecated) return
    const headers = headersOf(deprecated)
    route.onRequest = [async (_request, reply) => void reply.headers(headers), ...[route.onRequest ?? []].flat()]
  })
}

const headersOf = ({ since, sunset, link }: NonNullable<Operation['deprecated']>): Record<string, string> => ({
  deprecation: `@${Math.floor(Date.parse(since) / 1_000)}`,
  link: `<${link}>; rel="deprecation"; type="text/html"`,
  ...(sunset !== undefined && { sunset: new Date(sunset).toUTCString() }),
})
