import type { ProblemCode } from '../problems/index.ts'
import { takesFields } from './conditional.ts'
import { keepsAnswers } from './idempotency.ts'
import type { Operation } from './operation.ts'

const OF_ANY = ['internal_error', 'overloaded'] as const
const OF_CALLERS = [
  'unauthenticated',
  'forbidden',
  'insufficient_scope',
  'tenant_suspended',
  'too_many_requests',
  'database_unreachable',
  'database_full',
] as const
/** Of callers who are asked for a certificate. */
const OF_CERTIFICATES = ['certificate_required', 'certificate_untrusted', 'certificate_mismatch'] as const
/** Of callers who come with a cookie. */
const OF_BROWSERS = ['cross_site'] as const
const OF_BODIES = [
  'json_invalid',
  'json_duplicate_key',
  'json_number_out_of_range',
  'json_too_deep',
  'body_too_large',
  'media_type_unsupported',
  'request_too_slow',
] as const
const OF_COMMANDS = ['journal_closed', 'journal_fenced'] as const

/** Of requests with a key, where the server keeps the answers. */
const OF_KEYS = [
  'invalid_request',
  'idempotency_key_reused',
  'idempotency_in_progress',
  'idempotency_outcome_unknown',
  'idempotency_answer_not_kept',
  'idempotency_keys_too_many',
] as const

/** Every problem that an operation may answer, sorted: its own, and those of all requests of its kind. */
export function problemsOf(operation: Operation): ProblemCode[] {
  const { method, path, permission, scope, query, headers, body, problems = [] } = operation
  const isRead = method === 'GET'
  const all: ProblemCode[] = [
    ...OF_ANY,
    ...problems,
    ...(permission === 'public' ? [] : [...OF_CALLERS, ...OF_CERTIFICATES, ...OF_BROWSERS]),
    ...(scope === 'server' ? (['server_only'] as const) : []),
    ...(permission === 'public' || isRead ? [] : (['csrf_token_invalid'] as const)),
    ...(path.includes('{') || query || headers || body ? (['invalid_request'] as const) : []),
    // An address with an empty parameter is that of no operation.
    ...(path.includes('{') ? (['route_not_found', 'uri_too_long'] as const) : []),
    ...(path.includes('{shard}') ? (['shard_not_found'] as const) : []),
    ...(isRead ? [] : [...OF_BODIES, ...OF_COMMANDS]),
    ...(takesFields(operation) ? (['fields_unknown'] as const) : []),
    ...(operation.ifMatch ? (['precondition_failed'] as const) : []),
    ...(keepsAnswers(operation) ? [...OF_KEYS] : []),
  ]
  return [...new Set(all)].sort()
}
