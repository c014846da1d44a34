import { z } from 'zod'
import type { Operation } from './operation.ts'

const EntityTags = z.string().max(4_000).optional()

/** Of reads with an entity tag. */
export const IF_NONE_MATCH_HEADERS = z.looseObject({
  'if-none-match': EntityTags.describe('ETags that the caller has seen; 304 if it still has one of them'),
})

/** Of what changes a resource that has an entity tag. */
export const IF_MATCH_HEADERS = z.looseObject({
  'if-match': EntityTags.describe('Only if the resource still has one of these ETags; otherwise 412'),
})

/** Of reads that answer an object. */
export const FIELDS_QUERY = z.strictObject({
  fields: z
    .string()
    .max(1_000)
    .optional()
    .describe('Only these members of the answer, of a list those of its items: `id,state,actions.skill`'),
})

/** Whether one may choose of what is answered: wherever that is an object of known members; SCIM has a way of its own. */
export const takesFields = ({
  method,
  responses,
  dialect,
}: Pick<Operation, 'method' | 'responses' | 'dialect'>): boolean =>
  method === 'GET' && dialect === undefined && responses[200] instanceof z.ZodObject
