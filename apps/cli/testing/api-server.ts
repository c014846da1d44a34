import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { JsonObject } from '@azora/contracts'
import type { TestLog } from './log.ts'
import { RUN } from './log.ts'

export const TOKEN = 'test-token'

/** A server that speaks the API's contract about one recorded run. */
export interface ApiServer {
  url: string
  requests: Array<{ method: string; path: string; body: unknown }>
  close(): void
}

export interface ApiOptions {
  log: TestLog
  /** Answers that come before the usual ones, by `METHOD path`. */
  answers?: Record<string, Answer>
}

interface Answer {
  status: number
  body: unknown
}

export async function startApiServer({ log, answers = {} }: ApiOptions): Promise<ApiServer> {
  const requests: ApiServer['requests'] = []
  const server = createServer(async (request, response) => {
    const text = (await request.toArray()).join('')
    const path = request.url ?? ''
    requests.push({ method: request.method ?? '', path, body: text === '' ? undefined : JSON.parse(text) })
    if (path === `/api/v1/runs/${RUN}/events` && isKnown(request)) sendEvents(request, response, log)
    else send(response, answers[`${request.method} ${path}`] ?? answerTo(request, path, log))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

export const problem = (status: number, code: string, remedy?: string) => ({
  type: 'about:blank',
  title: code,
  status,
  code,
  remedy,
})

const isKnown = (request: IncomingMessage): boolean => request.headers.authorization === `Bearer ${TOKEN}`

function answerTo(request: IncomingMessage, path: string, log: TestLog): Answer {
  if (path === '/healthz') return { status: 200, body: { status: 'ok' } }
  if (!isKnown(request)) return { status: 401, body: problem(401, 'unauthenticated', 'Send a token.') }
  const known: Record<string, Answer> = {
    '/api/v1/orchestrator/manage': { status: 201, body: { runId: RUN, state: 'scheduled' } },
    '/api/v1/orchestrator/execute': { status: 202, body: { runId: RUN, state: 'scheduled' } },
    '/api/v1/runs?limit=50': { status: 200, body: { items: [runOf(log)] } },
    [`/api/v1/runs/${RUN}`]: { status: 200, body: { ...runOf(log), actions: [] } },
    [`/api/v1/runs/${RUN}/evidence`]: { status: 200, body: log.bundle() },
  }
  return known[path] ?? { status: 404, body: problem(404, 'not_found', 'List runs with azora run list.') }
}

function runOf({ entries }: TestLog): Record<string, unknown> {
  const { runId, ...spec } = JsonObject.parse(entries[0]?.payload?.spec)
  const transitions = entries.flatMap(({ header }) => header.transition ?? [])
  return { ...spec, id: runId, state: transitions.at(-1)?.to }
}

function sendEvents(request: IncomingMessage, response: ServerResponse, { entries }: TestLog): void {
  const last = request.headers['last-event-id']
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  for (const entry of entries.filter(({ header }) => last === undefined || header.index > Number(last))) {
    response.write(`id: ${entry.header.index}\nevent: ${entry.header.kind}\ndata: ${JSON.stringify(entry)}\n\n`)
  }
  response.end()
}

function send(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { 'content-type': status < 400 ? 'application/json' : 'application/problem+json' })
  response.end(body instanceof Uint8Array ? body : JSON.stringify(body))
}
