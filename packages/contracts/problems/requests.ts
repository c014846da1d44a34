import { bug, fix, forbidden, missing, other, retry, tooLarge } from './entry.ts'

/** What any request may meet. */
export const requests = {
  invalid_request: fix(
    'A part of the request doesn’t fit its schema.',
    'See `errors`: each names the place and what is wrong there.',
  ),
  fields_unknown: fix(
    'The answer has no such member as `fields` asks for.',
    'Choose from those that `errors` lists; dots lead into members: `actions.state`.',
  ),
  precondition_failed: other('conflict', 412)(
    'The resource isn’t as the `If-Match` of the request says that the caller saw it.',
    'Read it again, decide again, and send the `ETag` that it has now.',
  ),
  json_invalid: fix(
    'The body is no JSON, no UTF-8, or names a prototype.',
    'Send JSON that reads in one way only (RFC 7493).',
  ),
  json_duplicate_key: fix('An object of the body has a member twice.', 'Leave one of them out.'),
  json_number_out_of_range: fix(
    'A number of the body lies beyond ±9007199254740991, where it would be rounded.',
    'Send it as a string.',
  ),
  json_too_deep: fix('The body is nested too deeply.', 'Nest at most 64 levels.'),
  body_too_large: tooLarge(
    'The body is larger than the operation takes.',
    'Send less; the reference names each limit.',
  ),
  media_type_unsupported: other('fix', 415)(
    'The body is of a media type that the operation doesn’t read.',
    'Send `Content-Type: application/json`.',
  ),
  request_too_slow: other('fix', 408)(
    'The request had not come whole within a minute.',
    'Send less of it, or over a faster line.',
  ),
  length_required: other('fix', 411)('The body’s length isn’t known beforehand.', 'Send `Content-Length`.'),
  route_not_found: missing('There is no such operation.', 'See `/api/v1/reference` for what there is.'),
  uri_too_long: other('fix', 414)(
    'A part of the address is longer than it may be.',
    'Shorten it; the reference names each limit.',
  ),
  problem_not_found: missing('There is no such error code.', 'See `/problems` for what there is.'),
  unauthenticated: other('authenticate', 401)(
    'The request has no bearer token, or one that is unknown or has ended.',
    'Send `Authorization: Bearer TOKEN`.',
  ),
  forbidden: forbidden(
    'The caller has no role that may do this.',
    'Ask the owner, or use the token of somebody who may.',
  ),
  insufficient_scope: forbidden(
    'The API key has no scope for this, or no key may do it.',
    'Use a key with that scope: `azora keys create`; what no key may needs a person.',
  ),
  too_many_requests: other('retry', 429)(
    'Your tenant, or the caller, makes requests faster than it may.',
    'Try again after the time in `Retry-After`; `RateLimit` says what is left.',
  ),
  overloaded: retry(
    'More is under way than the server takes at one time.',
    'Try again after the time in `Retry-After`.',
  ),
  database_unreachable: retry(
    'The database doesn’t answer.',
    'Try again; if it lasts, see whether PostgreSQL runs: `azora doctor`.',
  ),
  database_full: retry(
    'The disk of the database is full.',
    'Free space on it, then try again; what was accepted goes on by itself.',
  ),
  internal_error: bug('Something failed in a way that was not foreseen.'),
  route_without_contract: bug('A route was added that serves no declared operation.'),
  permissions_invalid: bug('The policies of roles can’t be read, or don’t fit their schema.'),
}
