import { toAzoraError } from '@azora/base'
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
import { beginEvents } from '../event-stream.ts'

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

/** At most so often is progress told. */
const PROGRESS_MS = 200

/** Answers with a problem as long as nothing was streamed; the client cancels by closing the connection. */
async function streamBacktest(
  constitution: Pick<Constitution, 'backtest'>,
  request: BacktestRequest,
  reply: FastifyReply,
): Promise<void> {
  const { raw } = reply
  const gone = new AbortController()
  raw.on('close', () => gone.abort())
  let toldMs = 0
  const send = (event: BacktestEvent): void => {
    if (raw.destroyed) return
    if (!raw.headersSent) beginEvents(reply)
    raw.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
  }
  try {
    const result = await constitution.backtest(request, {
      signal: gone.signal,
      onProgress(progress) {
        const nowMs = performance.now()
        if (nowMs - toldMs < PROGRESS_MS) return
        toldMs = nowMs
        send({ type: 'progress', ...progress })
      },
    })
    send({ type: 'result', result })
  } catch (thrown) {
    const { code, message, advice } = toAzoraError(thrown)
    if (!raw.headersSent && !raw.destroyed) throw thrown
    send({ type: 'failed', code, message: advice === 'bug' ? 'the backtest failed; the log has the details' : message })
  }
  raw.end()
}
