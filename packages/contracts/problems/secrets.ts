import { conflict, fix, missing, retry } from './entry.ts'

/** Secrets and the keys that they are kept under. */
export const secrets = {
  secret_not_found: missing('Your tenant has no secret of this name.', 'List them: `azora secret list`.'),
  secret_exists: conflict(
    'There is a secret of this name already.',
    'Give it a new value: `azora secret rotate NAME`.',
  ),
  secrets_too_many: conflict(
    'There are as many secrets, or versions of this one, as there may be.',
    'Remove what is not used any more.',
  ),
  secret_value_unfit: fix('The value can’t be used where the secret goes.', 'Read what is wrong with it in `detail`.'),
  expiry_past: fix('The time lies in the past.', 'Name a time that is to come.'),
  secret_expired: conflict('The secret has expired.', 'Give it a new value: `azora secret rotate NAME`.'),
  secret_revoked: conflict('The secret was revoked or removed.', 'Give it a new value: `azora secret rotate NAME`.'),
  secret_changed: conflict(
    'The secret may go elsewhere than when the action was judged.',
    'Let the action be judged again.',
  ),
  secret_unreadable: conflict(
    'The stored secret can’t be opened or was changed.',
    'Put it again: `azora secret rotate NAME`.',
  ),
  key_unwrap_failed: conflict(
    'The key-encryption key doesn’t open what it is asked to.',
    'Start with the key that encrypted it.',
  ),
  key_malformed: fix('A key-encryption key isn’t one.', 'Restore the file; it holds 32 bytes in base64.'),
  kms_unavailable: retry(
    'The key-management service doesn’t answer.',
    'See whether it can be reached and its credentials hold.',
  ),
  kms_unknown: fix(
    '`AZORA_SECRETS_KEY` names no key that is understood.',
    'Use the address of an AWS or Google Cloud KMS key.',
  ),
}
