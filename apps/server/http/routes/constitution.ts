import type { Constitution } from '@azora/constitution'
import {
  ActivatedVersion,
  ActivateRequest,
  type BacktestEvent,
  BacktestRequest,
  ConstitutionFiles,
  ConstitutionView,
  Digest,
} from '@azora/contracts'
import type { FastifyReply } from 'fastify'
import { z } from 'zod'
import type { App } from '../app.ts'
import { streamJob } from '../job-stream.ts'

/** A constitution is larger than an ordinary body; its characters may take several bytes each. */
const BODY_BYTES_MAX = 16 * 1024 * 1024

/** The law in force, its versions, how it is replaced, and what a draft would have done. */
export function constitutionRoutes(app: App, constitution: Constitution): void {
  app.route({
    method: 'GET',
    url: '/api/v1/constitution',
    config: { access: 'owner' },
    schema: { summary: 'The law in force', response: { 200: ConstitutionView } },
    handler: async () => constitution.current(),
  })
  app.route({
    method: 'GET',
    url: '/api/v1/constitution/versions',
    config: { access: 'owner' },
    schema: {
      summary: 'Every activation, newest first',
      response: { 200: z.strictObject({ items: z.array(ActivatedVersion) }) },
    },
    handler: async () => ({ items: await constitution.versions() }),
  })
  app.route({
    method: 'GET',
    url: '/api/v1/constitution/versions/:digest/files',
    config: { access: 'owner' },
    schema: {
      summary: 'The files of a version',
      params: z.strictObject({ digest: Digest }),
      response: { 200: z.strictObject({ items: ConstitutionFiles }) },
    },
    handler: async ({ params }) => ({ items: await constitution.files(params.digest) }),
  })
  app.route({
    method: 'POST',
    url: '/api/v1/constitution/activate',
    config: { access: 'owner' },
    bodyLimit: BODY_BYTES_MAX,
    schema: {
      summary: 'Puts a law in force, by the owner’s signature',
      body: ActivateRequest,
      response: { 200: ActivatedVersion },
    },
    handler: async ({ principal, body }) => constitution.activate(body, principal),
  })
  app.route({
    method: 'POST',
    url: '/api/v1/constitution/backtest',
    config: { access: 'owner' },
    bodyLimit: BODY_BYTES_MAX,
    schema: {
      summary: 'What the recorded verdicts would have been under a draft, as server-sent events with the result last',
      body: BacktestRequest,
    },
    handler: async ({ body }, reply) => streamBacktest(constitution, body, reply),
  })
}

const streamBacktest = (
  constitution: Pick<Constitution, 'backtest'>,
  request: BacktestRequest,
  reply: FastifyReply,
): Promise<void> =>
  streamJob<BacktestEvent>(reply, 'the backtest', async ({ signal, send, progress }) => {
    const result = await constitution.backtest(request, {
      signal,
      onProgress: (at) => progress({ type: 'progress', ...at }),
    })
    send({ type: 'result', result })
  })
