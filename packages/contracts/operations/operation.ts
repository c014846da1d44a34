import type { z } from 'zod'
import type { ProblemCode } from '../problems/index.ts'
import type { Right } from '../right.ts'

/** A body that isn't a JSON document. */
export interface Media {
  /** Media type without parameters. */
  readonly media: string
  /** What one server-sent event holds, or what a text is; absent for bytes. */
  readonly item?: z.ZodType
}

/** One operation of the HTTP API: all that both sides have to know of it, declared once. */
export interface Operation {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** With parameters as `{name}`; `{name*}` at the end takes the rest of the path. */
  readonly path: `/${string}`
  /** What it does, as a sentence without a full stop. */
  readonly summary: string
  /** What one must be allowed to do to call it; anybody may call what is public. */
  readonly permission: Right | 'public'
  /** In which form JSON and errors go over the wire: that of SCIM (RFC 7644, section 3.1); our own when absent. */
  readonly dialect?: 'scim'
  /**
   * Whose things it is about: `tenant`, those of the caller's tenant and nobody else's; `server`, those that all tenants share,
   * so that only principals of the server's own tenant may call it; `none` where anybody may.
   */
  readonly scope: 'tenant' | 'server' | 'none'
  /**
   * Also for those who have the right for some runs only. Whatever serves it asks about each run; the others are refused to them
   * before anything else.
   */
  readonly forSomeRuns?: true
  readonly params?: z.ZodObject
  readonly query?: z.ZodType
  readonly headers?: z.ZodObject
  readonly body?: z.ZodType | Media
  /** Largest body in bytes; that of the server when absent. */
  readonly bodyBytesMax?: number
  /** What is answered when it succeeds, by status. */
  readonly responses: Readonly<Record<number, z.ZodType | Media>>
  /** Its answer has a strong entity tag, and is 304 to whoever has seen it (RFC 9110, section 13.1.2). */
  readonly hasETag?: true
  /**
   * The address of the read with an entity tag that `If-Match` speaks of. Its parameters are in the operation's own address, or
   * in its body.
   */
  readonly ifMatch?: `/${string}`
  /** That others are to be used instead: since when and until when (RFC 9745, RFC 8594), and where it is explained. */
  readonly deprecated?: { readonly since: string; readonly sunset?: string; readonly link: string }
  /** It changes nothing, though it is a POST (RFC 9110, section 9.2.1). */
  readonly isSafe?: true
  /** Its answer holds what is shown once and kept nowhere. */
  readonly answersSecret?: true
  /** What can go wrong in it, beside what can go wrong in any request of its kind. */
  readonly problems?: readonly ProblemCode[]
}

/** Keeps the exact type of a declaration, from which handlers and clients take theirs. */
export const operation = <const O extends Operation>(declared: O): O => declared

/** Server-sent events (WHATWG HTML, section 9.2), each of which holds JSON. */
export const events = <T extends z.ZodType>(item: T): { readonly media: 'text/event-stream'; readonly item: T } => ({
  media: 'text/event-stream',
  item,
})

/** A text for people or for other programs than ours. */
export const text = <T extends z.ZodType>(media: string, item: T): { readonly media: string; readonly item: T } => ({
  media,
  item,
})

export const bytes = (media = 'application/octet-stream'): Media => ({ media })

export const isMedia = (body: z.ZodType | Media): body is Media => 'media' in body
