import { setTimeout as sleep } from 'node:timers/promises'
import { transferMsMax } from '@azora/contracts'
import type { z } from 'zod'
import { AnswerError, apiErrorOf, UnreachableError } from './errors.ts'
import { type Wait, withRetries } from './retry.ts'

export interface TransportOptions {
  /** Base URL of the server, such as `http://127.0.0.1:7420`; asked anew for each request when it is a function. */
  url: string | (() => string | Promise<string>)
  token?: string
  fetch?: typeof fetch
  wait?: Wait
  /** Tries of a request that is safe to repeat. */
  attempts?: number
}

export interface CallOptions {
  signal?: AbortSignal
  /** Makes a POST safe to repeat. */
  idempotencyKey?: string
  /** Do it only if the resource still has this ETag; else it rejects with `precondition_failed`. */
  ifMatch?: string
  /** Told the ETag of what is answered, where it has one. */
  onETag?: (etag: string) => void
  /** Told how many bytes of a file the connection has taken; from the beginning again when it is sent again. */
  onSent?: (bytes: number) => void
  /** How long the answer may take; half a minute unless it is known to take longer. */
  limitMs?: number
}

export interface Transport {
  readonly wait: Wait
  get<T>(path: string, schema: z.ZodType<T>, options?: CallOptions): Promise<T>
  /** An answer that is no JSON, whole. */
  getBytes(path: string, accept: string, options?: CallOptions): Promise<Uint8Array>
  post<T>(path: string, body: unknown, schema: z.ZodType<T>, options?: CallOptions): Promise<T>
  /** Sends bytes as they are read, and again when the line breaks; succeeds without an answer. */
  put(path: string, body: Blob, options?: CallOptions): Promise<void>
  /** Succeeds without an answer. */
  del(path: string, options?: CallOptions): Promise<void>
  /** An answer whose body is read as it comes; a POST when there is a body to send. */
  stream(path: string, headers: Record<string, string>, signal?: AbortSignal, body?: string): Promise<Response>
}

interface Call extends CallOptions {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  path: string
  headers?: Record<string, string>
  body?: string | Blob
}

const ANSWER_LIMIT_MS = 30_000
const ATTEMPTS = 4

const defaultWait: Wait = async (ms, signal) => {
  await sleep(ms, undefined, signal ? { signal } : {})
}

export function createTransport(options: TransportOptions): Transport {
  const wait = options.wait ?? defaultWait
  const attempts = options.attempts ?? ATTEMPTS

  async function send(call: Call): Promise<Response> {
    const base = typeof options.url === 'string' ? options.url : await options.url()
    const url = `${base.replace(/\/+$/, '')}${call.path}`
    const response = await (options.fetch ?? fetch)(url, {
      method: call.method,
      headers: headersOf(call, options.token),
      redirect: 'error',
      ...bodyOf(call),
      ...(call.signal ? { signal: call.signal } : {}),
    }).catch((error: unknown) => {
      if (call.signal?.aborted && !isTimeout(call.signal.reason)) throw error
      throw new UnreachableError(base, error)
    })
    if (!response.ok) throw await apiErrorOf(response)
    return response
  }

  function sendWithin(call: Call): Promise<Response> {
    const limit = AbortSignal.timeout(call.limitMs ?? ANSWER_LIMIT_MS)
    return send({ ...call, signal: call.signal ? AbortSignal.any([call.signal, limit]) : limit })
  }

  async function answer<T>(call: Call, schema: z.ZodType<T>): Promise<T> {
    const response = await sendWithin(call)
    const etag = response.headers.get('etag')
    if (etag !== null) call.onETag?.(etag)
    const text = await response.text().catch((error: unknown) => {
      throw new UnreachableError(response.url, error)
    })
    return parsed(text, response.url, schema)
  }

  return {
    wait,
    get: (path, schema, call = {}) =>
      withRetries(attempts, wait, () => answer({ ...call, method: 'GET', path }, schema), call.signal),
    post: (path, body, schema, call = {}) =>
      withRetries(
        call.idempotencyKey === undefined ? 1 : attempts,
        wait,
        () => answer({ ...call, method: 'POST', path, body: JSON.stringify(body) }, schema),
        call.signal,
      ),
    getBytes: (path, accept, call = {}) =>
      withRetries(
        attempts,
        wait,
        async () => {
          const response = await sendWithin({ ...call, method: 'GET', path, headers: { accept } })
          return response.bytes().catch((error: unknown) => {
            throw new UnreachableError(response.url, error)
          })
        },
        call.signal,
      ),
    async put(path, body, call = {}) {
      const headers = { 'content-type': 'application/octet-stream' }
      const sent: Call = { limitMs: transferMsMax(body.size), ...call, method: 'PUT', path, headers, body }
      await withRetries(attempts, wait, () => sendWithin(sent), call.signal)
    },
    async del(path, call = {}) {
      await sendWithin({ ...call, method: 'DELETE', path })
    },
    // Nothing was read of an answer that did not begin, so it can be asked for again.
    stream: (path, headers, signal, body) =>
      withRetries(
        body === undefined ? attempts : 1,
        wait,
        () =>
          send({
            ...(body === undefined ? { method: 'GET' as const } : { method: 'POST' as const, body }),
            path,
            headers,
            ...(signal ? { signal } : {}),
          }),
        signal,
      ),
  }
}

const isCounted = (call: Call): call is Call & { body: Blob; onSent: (bytes: number) => void } =>
  call.body instanceof Blob && call.onSent !== undefined

function bodyOf(call: Call): RequestInit {
  if (isCounted(call)) return { body: counted(call.body, call.onSent), duplex: 'half' }
  return call.body === undefined ? {} : { body: call.body }
}

/** What a blob holds; each part is told of when the next one is asked for. */
function counted(blob: Blob, onSent: (bytes: number) => void): ReadableStream<Uint8Array> {
  let sent = 0
  return blob.stream().pipeThrough(
    new TransformStream({
      transform(chunk: Uint8Array, controller) {
        sent += chunk.byteLength
        controller.enqueue(chunk)
        onSent(sent)
      },
    }),
  )
}

function headersOf(call: Call, token: string | undefined): Record<string, string> {
  return {
    accept: 'application/json',
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(isCounted(call) && { 'content-length': String(call.body.size) }),
    ...(call.idempotencyKey === undefined ? {} : { 'idempotency-key': call.idempotencyKey }),
    ...(call.ifMatch === undefined ? {} : { 'if-match': call.ifMatch }),
    ...call.headers,
  }
}

const isTimeout = (reason: unknown): boolean => reason instanceof DOMException && reason.name === 'TimeoutError'

function parsed<T>(text: string, url: string, schema: z.ZodType<T>): T {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new AnswerError(url, 'it is not JSON')
  }
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const [issue] = result.error.issues
  throw new AnswerError(
    url,
    issue ? `${issue.path.join('.') || 'the answer'}: ${issue.message}` : 'it has another shape',
  )
}
