import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { AzoraError, createTokenBuckets, type Log, parseStrictJson, type TokenBuckets, toAzoraError } from '@azora/base'
import type { Answer, Cosigner } from './cosigner.ts'

export interface Listening {
  url: string
  /** Resolves when open requests are answered. */
  close(): Promise<void>
}

const BODY_BYTES_MAX = 64 * 1024
const KEYS_BYTES_MAX = 1024 * 1024
const CONNECTIONS_MAX = 256
const REQUEST_MS_MAX = 10_000
const KEEP_ALIVE_MS = 60_000
/** Requests of an address. */
const RATE = { perSecond: 20, burst: 60 }

/** Serves the two calls; everything else is refused. */
export async function listen(
  { host, port }: { host: string; port: number },
  { cosigner, log }: { cosigner: Cosigner; log: Log },
): Promise<Listening> {
  const buckets = createTokenBuckets(() => performance.now())
  const server = createServer(
    { requestTimeout: REQUEST_MS_MAX, headersTimeout: REQUEST_MS_MAX, keepAliveTimeout: KEEP_ALIVE_MS },
    (request, response) => {
      answerTo(request, cosigner, buckets)
        .catch((thrown): Answer => {
          const error = toAzoraError(thrown)
          if (error.advice === 'bug') log.error({ err: error }, 'a request failed')
          return said(error.advice === 'fix' ? 400 : 500, error.advice === 'fix' ? error.message : 'it failed')
        })
        .then((answer) => send(response, answer))
    },
  )
  server.maxConnections = CONNECTIONS_MAX
  await started(server, host, port)
  const { address, family, port: bound } = server.address() as AddressInfo
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${bound}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeIdleConnections()
      }),
  }
}

const said = (status: number, text: string): Answer => ({
  status,
  type: 'text/plain; charset=utf-8',
  body: `${text}\n`,
})

async function answerTo(request: IncomingMessage, cosigner: Cosigner, buckets: TokenBuckets): Promise<Answer> {
  const path = request.url?.split('?')[0]
  if (path !== '/add-checkpoint' && path !== '/azora/log-keys') return said(404, 'there is no such call')
  if (request.method !== 'POST') return said(405, 'send it with POST')
  if (buckets.take(request.socket.remoteAddress ?? '', RATE).waitMs > 0) return said(429, 'too many requests')
  const body = await bodyOf(request, path === '/add-checkpoint' ? BODY_BYTES_MAX : KEYS_BYTES_MAX)
  if (body === undefined) return said(413, 'the body is too large')
  if (path === '/azora/log-keys') return cosigner.followKeys(parseStrictJson(body))
  const text = utf8(body)
  return text === undefined ? said(400, 'the body is no UTF-8') : cosigner.addCheckpoint(text)
}

/** Undefined when it is longer than it may be; the rest is not read then. */
async function bodyOf(request: IncomingMessage, bytesMax: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > bytesMax) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function utf8(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

function send(response: ServerResponse, { status, type, body }: Answer): void {
  if (status === 429 || status === 503) response.setHeader('retry-after', '1')
  // What was not read of the body would be taken for the next request.
  if (status === 413 || status === 429) response.setHeader('connection', 'close')
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) }).end(body)
}

function started(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (thrown) =>
      reject(
        new AzoraError('fix', 'listen_failed', `the witness can't listen on ${host}:${port}: ${thrown.message}`, {
          remedy: 'Choose another address with --listen.',
        }),
      ),
    )
    server.listen(port, host, resolve)
  })
}
