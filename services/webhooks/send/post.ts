import { type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import type { Answer } from '../backoff.ts'
import { pinnedTo, type Targets } from './target.ts'

export interface Message {
  body: string
  headers: Record<string, string>
}

/** Sends one message and never rejects. */
export type Post = (url: string, message: Message, signal: AbortSignal) => Promise<Answer>

const ANSWER_MS_MAX = 10_000
/** Bytes of an answer that are read, and characters that are kept. */
const READ_MAX = 4_096
const EXCERPT_MAX = 500
const ERROR_MAX = 300

/**
 * Posts over a connection of its own to an address that was checked. A redirect is an answer like any other, and no success.
 *
 * @param limitMs for all of it: resolving, connecting, sending and the answer
 */
export function createPost(targets: Pick<Targets, 'addressesOf'>, limitMs: number = ANSWER_MS_MAX): Post {
  return async (text, message, stopping) => {
    const begun = performance.now()
    const took = (): number => Math.round(performance.now() - begun)
    const limit = AbortSignal.timeout(limitMs)
    const signal = AbortSignal.any([limit, stopping])
    try {
      const url = new URL(text)
      const addresses = await before(signal, targets.addressesOf(url))
      const response = await answerOf(url, addresses, message, signal)
      const excerpt = await excerptOf(response)
      return settled(response, excerpt, took())
    } catch (thrown) {
      const error = limit.aborted ? `no answer within ${limitMs / 1000} s` : messageOf(thrown)
      return { delivered: false, durationMs: took(), error: error.slice(0, ERROR_MAX) }
    }
  }
}

function answerOf(
  url: URL,
  addresses: readonly string[],
  { body, headers }: Message,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const send = url.protocol === 'https:' ? requestHttps : requestHttp
  return new Promise((resolve, reject) => {
    const request = send(url, {
      method: 'POST',
      agent: false,
      headers: {
        'content-type': 'application/cloudevents+json; charset=utf-8',
        'content-length': Buffer.byteLength(body),
        'user-agent': 'azora-webhooks',
        ...headers,
      },
      lookup: pinnedTo(addresses),
      signal,
    })
    request.once('response', resolve)
    request.on('error', reject)
    request.end(body)
  })
}

/** The beginning of a body; the connection is closed behind it, however much there is to come. */
async function excerptOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let read = 0
  try {
    for await (const chunk of response) {
      chunks.push(chunk)
      read += chunk.length
      if (read >= READ_MAX) break
    }
  } catch {
    // The status has arrived: what is missing of the body changes nothing.
    chunks.push(Buffer.from('…'))
  } finally {
    response.destroy()
  }
  return printable(Buffer.concat(chunks).subarray(0, READ_MAX).toString()).slice(0, EXCERPT_MAX)
}

function settled({ statusCode = 0, headers }: IncomingMessage, excerpt: string, durationMs: number): Answer {
  const delivered = statusCode >= 200 && statusCode < 300
  const redirected = statusCode >= 300 && statusCode < 400
  const retryAfterMs = delivered ? undefined : waitIn(headers['retry-after'])
  return {
    delivered,
    status: statusCode,
    durationMs,
    ...(excerpt !== '' && { excerpt }),
    ...(redirected && { error: 'redirects are not followed' }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  }
}

/** Seconds, or a date, as milliseconds from now (RFC 9110, section 10.2.3). */
function waitIn(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now()
  return ms > 0 ? ms : undefined
}

/** Text that PostgreSQL keeps and a terminal shows as it is. */
const printable = (text: string): string => text.replace(/[^\P{C}\n\t]/gu, '')

const messageOf = (thrown: unknown): string =>
  printable(thrown instanceof AggregateError ? String(thrown.errors[0]) : String(thrown)).replace(/^\w*Error: /, '')

function before<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
  return Promise.race([work, aborted])
}
