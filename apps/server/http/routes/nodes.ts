import { NodeName, NodeView } from '@azora/contracts'
import type { Dispatcher } from '@azora/execution'
import { z } from 'zod'
import type { App } from '../app.ts'

const Params = z.strictObject({ node: NodeName })

/** Where execution nodes dial in, and how people look after them. */
export function nodeRoutes(app: App, dispatcher: Pick<Dispatcher, 'attach' | 'nodes' | 'drain'>): void {
  app.route({
    method: 'GET',
    url: '/api/v1/nodes',
    config: { access: 'owner' },
    schema: {
      summary: 'The nodes that are connected',
      response: { 200: z.strictObject({ items: z.array(NodeView) }) },
    },
    handler: async () => ({ items: dispatcher.nodes() }),
  })
  app.route({
    method: 'POST',
    url: '/api/v1/nodes/:node/drain',
    config: { access: 'owner' },
    schema: {
      summary: 'Give a node nothing more; it finishes what it has',
      params: Params,
      response: { 200: NodeView },
    },
    handler: async ({ params }) => dispatcher.drain(params.node, true),
  })
  app.route({
    method: 'POST',
    url: '/api/v1/nodes/:node/resume',
    config: { access: 'owner' },
    schema: { summary: 'Let a drained node be given work again', params: Params, response: { 200: NodeView } },
    handler: async ({ params }) => dispatcher.drain(params.node, false),
  })
  app.route({
    method: 'GET',
    url: '/api/v1/nodes/connect',
    config: { access: 'node' },
    schema: { hide: true },
    handler: (_request, reply) => reply.code(426).header('upgrade', 'websocket').send(),
    wsHandler: (socket, request) => dispatcher.attach(socket, request.principal.id),
  })
}
