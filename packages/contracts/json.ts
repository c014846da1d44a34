import { z } from 'zod'

/** A JSON value (RFC 8259). */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

export const Json: z.ZodType<Json> = z.json()

export const JsonObject = z.record(z.string(), Json)
export type JsonObject = z.infer<typeof JsonObject>
