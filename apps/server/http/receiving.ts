import type http from 'node:http'
import type { Http2ServerRequest } from 'node:http2'
import { Readable } from 'node:stream'
import { AzoraError } from '@azora/base'
import { ARTIFACT_BYTES_MAX, transferMsMax } from '@azora/contracts'
import { inTime, type Pace } from '@azora/execution'
import { toAnswer } from './problem.ts'

/** Node's own limit holds for all requests alike, so it is that of the longest. */
export const REQUEST_MS_MAX = transferMsMax(ARTIFACT_BYTES_MAX)
const RECEIVE_MS = 60_000
/** How long what is left of a request that was refused is read, so that its sender gets to read the answer. */
const LINGER_MS = 3_000

/** Requests that have to come whole in time, and what ends that. */
const limits = new WeakMap<object, () => void>()

/** Every request over HTTP/1.1 has to come whole in time, unless it is a transfer. HTTP/2 asks the other end whether it is there. */
export function limitReceiving(server: http.Server, receiveMs: number = RECEIVE_MS): void {
  server.on('request', (request, response) => {
    if (request.httpVersionMajor !== 1 || !hasBody(request)) return
    const timer = setTimeout(() => {
      if (request.complete) return
      refuse(request, response, receiveMs)
      cutSoon(request)
    }, receiveMs).unref()
    const received = (): void => clearTimeout(timer)
    limits.set(request, received)
    request.once('end', received).once('close', received)
  })
}

/**
 * Takes a body that may take long, for as long as it comes at the pace. When it is refused half-way, its sender is told before
 * the connection ends.
 */
export async function receiving<T>(
  body: Readable | null | undefined,
  use: (content: Readable) => Promise<T>,
  pace?: Pace,
): Promise<T> {
  if (!body) return use(Readable.from([]))
  limits.get(body)?.()
  const content = inTime(body, pace)
  try {
    return await use(content)
  } catch (thrown) {
    cutSoon(body)
    throw thrown
  } finally {
    content.destroy()
  }
}

const hasBody = ({ headers }: http.IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0'

function refuse({ url = '' }: http.IncomingMessage, response: http.ServerResponse, receiveMs: number): void {
  if (response.headersSent) return
  const { problem } = toAnswer(
    new AzoraError('fix', 'request_too_slow', `the request did not come whole within ${receiveMs / 1000} s`),
    url,
  )
  const body = Buffer.from(JSON.stringify(problem))
  const headers = { 'content-type': 'application/problem+json', 'content-length': body.length }
  response.writeHead(problem.status, headers).end(body)
}

function cutSoon(request: Readable): void {
  setTimeout(() => {
    if (request.readableEnded) return
    const { stream } = request as Partial<Http2ServerRequest>
    if (stream) stream.close()
    else request.destroy()
  }, LINGER_MS).unref()
}
