import { isMedia, keepsAnswers, type MachineRight, type Media, type Operation, operations } from '@azora/contracts'
import { z } from 'zod'
import { AnswerError, ApiError } from './errors.ts'
import { jsonIn, messagesIn } from './server-sent.ts'
import type { CallOptions, Transport } from './transport.ts'

/** Optional where an empty one will do. */
type Part<K extends string, T> = object extends T ? { [P in K]?: T } : { [P in K]: T }
/** Addresses are text: what is parsed from one may be given as a number. */
export type Texts<T> = {
  [K in keyof T]: unknown extends T[K]
    ? string | number | undefined
    : T[K] extends string | undefined
      ? T[K] | number
      : T[K]
}

type Params<O> = O extends { params: infer S extends z.ZodType } ? { params: Texts<z.input<S>> } : unknown
type Query<O> = O extends { query: infer S extends z.ZodType } ? Part<'query', Texts<z.input<S>>> : unknown
type Body<O> = O extends { body: infer S extends z.ZodType } ? Part<'body', z.input<S>> : unknown
type Input<O> = Params<O> & Query<O> & Body<O>

type Answers<O extends Operation> = O['responses'][keyof O['responses']]
type Result<A> = A extends { media: 'text/event-stream'; item: infer S extends z.ZodType }
  ? AsyncGenerator<z.output<S>, void, undefined>
  : A extends { item: z.ZodType }
    ? Promise<string>
    : A extends Media
      ? Promise<ReadableStream<Uint8Array>>
      : A extends z.ZodNull
        ? Promise<void>
        : A extends z.ZodType
          ? Promise<z.output<A>>
          : never

type Method<O extends Operation> = (input: Input<O>, options?: CallOptions) => Result<Answers<O>>

type ForPeople<G> = {
  [N in keyof G as G[N] extends { permission: MachineRight } | { body: Media } ? never : N]: G[N] extends Operation
    ? Method<G[N]>
    : never
}

/** Every operation of the contract but those of nodes and those that take bytes, as a method of its group: `api.runs.list({ query: { limit: 10 } })`. */
export type Api = { readonly [G in keyof typeof operations]: ForPeople<(typeof operations)[G]> }

interface Given {
  params?: Record<string, unknown>
  query?: Record<string, unknown>
  body?: unknown
}

/** The contract as methods. They reject, or throw while they are iterated, with `ApiError`, `UnreachableError` or `AnswerError`. */
export function createApi(transport: Transport): Api {
  const groups = Object.entries(operations).map(([group, members]) => [
    group,
    Object.fromEntries(Object.entries(members).map(([name, operation]) => [name, methodOf(transport, operation)])),
  ])
  return Object.fromEntries(groups) as Api
}

function methodOf(transport: Transport, operation: Operation): (input: Given, options?: CallOptions) => unknown {
  const { method, headers, responses } = operation
  const [answer] = Object.entries(responses).flatMap(([status, schema]) => (status.startsWith('2') ? [schema] : []))
  // Where keys are in the journal, what may also stop or change something is not sent again without being told so.
  const onlyMakes = !(200 in responses) && headers !== undefined && 'idempotency-key' in headers.shape
  const hasKey = onlyMakes || keepsAnswers(operation)
  return (input, options = {}) => {
    const path = addressOf(operation, input)
    if (!answer || isMedia(answer))
      return mediaOf(transport, answer, path, method === 'GET' ? undefined : input, options)
    if (answer instanceof z.ZodNull) return transport.del(path, options)
    if (method === 'GET') return transport.get(path, answer, options)
    // With a key of its own, a command may be sent again when no answer came.
    const call = hasKey ? { idempotencyKey: crypto.randomUUID(), ...options } : options
    return transport.post(path, input.body ?? {}, answer, call)
  }
}

function mediaOf(
  transport: Transport,
  answer: Media | undefined,
  path: string,
  input: Given | undefined,
  { signal, ...call }: CallOptions,
): unknown {
  const accept = { accept: answer?.media ?? '*/*' }
  const body = input && JSON.stringify(input.body ?? {})
  const open = (): Promise<Response> => transport.stream(path, accept, signal, body)
  if (answer?.item && accept.accept === 'text/event-stream') return eventsOf(open, answer.item)
  if (answer?.item)
    return transport
      .getBytes(path, accept.accept, { ...call, ...(signal && { signal }) })
      .then((bytes) => new TextDecoder().decode(bytes))
  return open().then((response) => {
    if (!response.body) throw new AnswerError(response.url, 'it is empty')
    return response.body
  })
}

async function* eventsOf(open: () => Promise<Response>, item: z.ZodType): AsyncGenerator<unknown, void, undefined> {
  const response = await open()
  for await (const { event, data } of messagesIn(response)) {
    if (event === 'end') return
    const parsed = item.safeParse(jsonIn(data))
    if (!parsed.success) throw new AnswerError(response.url, `an event: ${parsed.error.issues[0]?.message}`)
    const failed = Failed.safeParse(parsed.data)
    if (failed.success) throw ApiError.of(failed.data.code, failed.data.message)
    yield parsed.data
  }
}

/** How a job that has begun to answer says that it failed. */
const Failed = z.object({ type: z.literal('failed'), code: z.string(), message: z.string() })

function addressOf({ path }: Operation, { params = {}, query = {} }: Given): string {
  const filled = path.replaceAll(/\{(\w+)(\*?)\}/g, (_, name, rest) => {
    const text = String(params[name])
    return rest ? text.split('/').map(encodeURIComponent).join('/') : encodeURIComponent(text)
  })
  const search = new URLSearchParams()
  for (const [key, value] of Object.entries(query)) if (value !== undefined) search.set(key, String(value))
  return search.size === 0 ? filled : `${filled}?${search}`
}
