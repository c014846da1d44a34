import { z } from 'zod'
import { Health } from '../health.ts'
import { JsonObject } from '../json.ts'
import { operation, text } from './operation.ts'

export const system = {
  health: operation({
    method: 'GET',
    path: '/healthz',
    summary: 'Whether the server answers',
    permission: 'public',
    scope: 'none',
    responses: { 200: z.strictObject({ status: z.literal('ok') }) },
  }),
  status: operation({
    method: 'GET',
    path: '/api/v1/status',
    summary: 'How the server and what it depends on are',
    permission: 'system.read',
    scope: 'server',
    responses: { 200: Health },
  }),
  openapi: operation({
    method: 'GET',
    path: '/api/v1/openapi.json',
    summary: 'This contract as OpenAPI 3.1',
    permission: 'public',
    scope: 'none',
    responses: { 200: JsonObject },
  }),
  reference: operation({
    method: 'GET',
    path: '/api/v1/reference',
    summary: 'This contract as a page for people',
    permission: 'public',
    scope: 'none',
    responses: { 200: text('text/html', z.string()) },
  }),
  problems: operation({
    method: 'GET',
    path: '/problems',
    summary: 'Every error code with its cause and remedy, as a page',
    permission: 'public',
    scope: 'none',
    responses: { 200: text('text/html', z.string()) },
  }),
  problem: operation({
    method: 'GET',
    path: '/problems/{code}',
    summary: 'One error code with its cause and remedy, as a page: where `type` of a problem leads',
    permission: 'public',
    scope: 'none',
    params: z.strictObject({ code: z.string().max(100) }),
    problems: ['problem_not_found'],
    responses: { 200: text('text/html', z.string()) },
  }),
}
