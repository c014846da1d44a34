import type { IncomingHttpHeaders } from 'node:http'
import type { Readable } from 'node:stream'
import type { Media, Operation } from '@azora/contracts'
import type { Caller, Principal } from '@azora/identity'
import type { FastifyReply } from 'fastify'
import type { z } from 'zod'

type Parsed<S, Otherwise> = S extends z.ZodType ? z.output<S> : S extends Media ? Readable : Otherwise

/** A request that fits its operation, and who makes it. */
export interface Call<O extends Operation> {
  principal: Principal
  /** How the principal was found; undefined on public routes. */
  caller: Caller | undefined
  params: Parsed<O['params'], unknown>
  query: Parsed<O['query'], unknown>
  headers: Parsed<O['headers'], IncomingHttpHeaders>
  body: Parsed<O['body'], undefined>
  /** Aborts when nobody waits for the answer any longer; absent where that isn't known. */
  signal?: AbortSignal | undefined
}

/** A handler, whatever its operation: the call has been parsed by its contract. */
export type ServedHandler = (call: Call<Operation>, reply: FastifyReply) => Promise<unknown>
