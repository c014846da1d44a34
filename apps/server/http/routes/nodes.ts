import type { Dispatcher } from '@azora/execution'
import type { App } from '../app.ts'

/** Where execution nodes dial in. */
export function nodeRoutes(app: App, dispatcher: Pick<Dispatcher, 'attach'>): void {
  app.route({
    method: 'GET',
    url: '/api/v1/nodes/connect',
    config: { access: 'node' },
    schema: { hide: true },
    handler: (_request, reply) => reply.code(426).header('upgrade', 'websocket').send(),
    wsHandler: (socket, request) => dispatcher.attach(socket, request.principal.id),
  })
}
