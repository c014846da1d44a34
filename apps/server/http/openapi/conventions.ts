import {
  FIELDS_QUERY,
  IF_MATCH_HEADERS,
  IF_NONE_MATCH_HEADERS,
  KEPT_ANSWER_HEADERS,
  keepsAnswers,
  type Operation,
  takesFields,
} from '@azora/contracts'
import type { z } from 'zod'

interface Parameters {
  place: 'query' | 'header'
  schema: z.ZodObject
}

/** What an operation takes beside its own parameters, because of what it is. */
export function conventionsOf(operation: Operation): Parameters[] {
  const all: Parameters[] = []
  if (takesFields(operation)) all.push({ place: 'query', schema: FIELDS_QUERY })
  if (operation.hasETag) all.push({ place: 'header', schema: IF_NONE_MATCH_HEADERS })
  if (operation.ifMatch) all.push({ place: 'header', schema: IF_MATCH_HEADERS })
  if (keepsAnswers(operation)) all.push({ place: 'header', schema: KEPT_ANSWER_HEADERS })
  return all
}
