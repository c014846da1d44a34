import { operations } from '@azora/contracts'
import type { Dispatcher } from '@azora/execution'
import type { App } from '../app.ts'
import { serve } from '../serve.ts'

const { list, drain, resume, connect } = operations.nodes

/** Where execution nodes dial in, and how people look after them. */
export function nodeRoutes(app: App, dispatcher: Pick<Dispatcher, 'attach' | 'nodes' | 'drain'>): void {
  serve(app, list, async () => ({ items: dispatcher.nodes() }))
  serve(app, drain, async ({ params }) => dispatcher.drain(params.node, true))
  serve(app, resume, async ({ params }) => dispatcher.drain(params.node, false))
  serve(app, connect, async (_call, reply) => reply.code(426).header('upgrade', 'websocket').send(), {
    wsHandler: (socket, request) => dispatcher.attach(socket, request.principal.id),
  })
}
