import { conflict, forbidden, missing } from './entry.ts'

/** API keys. */
export const keys = {
  key_not_found: missing('There is no such API key, or it is somebody else’s.', 'List yours: `azora keys list`.'),
  key_ended: conflict('The API key has expired or was revoked.', 'Make another: `azora keys create`.'),
  key_owner_unsuitable: forbidden(
    'The API key is neither your own nor a service’s.',
    'Let people make their own keys; for programs add a service: `azora identity add NAME --service --role ROLE`.',
  ),
  key_scope_exceeded: forbidden(
    'The API key would allow what you, or whom it is for, may not do.',
    'Leave the scope out, or ask somebody who may: `azora identity can me SCOPE`.',
  ),
  keys_too_many: conflict(
    'The principal has as many API keys as it may have.',
    'Revoke those that are not used: `azora keys list`.',
  ),
}
