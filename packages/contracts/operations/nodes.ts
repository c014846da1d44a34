import { z } from 'zod'
import { NodeName } from '../names.ts'
import { NodeView } from '../node-protocol.ts'
import { bytes, operation } from './operation.ts'

const Params = z.strictObject({ node: NodeName })

export const nodes = {
  list: operation({
    method: 'GET',
    path: '/api/v1/nodes',
    summary: 'The nodes that are connected',
    permission: 'node.read',
    scope: 'server',
    responses: { 200: z.strictObject({ items: z.array(NodeView) }) },
  }),
  drain: operation({
    method: 'POST',
    path: '/api/v1/nodes/{node}/drain',
    summary: 'Give a node nothing more; it finishes what it has',
    permission: 'node.drain',
    scope: 'server',
    params: Params,
    problems: ['node_not_found'],
    responses: { 200: NodeView },
  }),
  resume: operation({
    method: 'POST',
    path: '/api/v1/nodes/{node}/resume',
    summary: 'Let a drained node be given work again',
    permission: 'node.resume',
    scope: 'server',
    params: Params,
    problems: ['node_not_found'],
    responses: { 200: NodeView },
  }),
  connect: operation({
    method: 'GET',
    path: '/api/v1/nodes/connect',
    summary: 'Where execution nodes dial in, by WebSocket; another request is told to upgrade',
    permission: 'node.connect',
    scope: 'server',
    responses: { 101: bytes(), 426: z.null() },
  }),
}
