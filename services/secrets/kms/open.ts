import { AzoraError, type KeyWrap } from '@azora/base'

const GOOGLE_KEY = /^projects\/[^/]+\/locations\/[^/]+\/keyRings\/[^/]+\/cryptoKeys\/[^/]+$/

/**
 * The key of a key-management service; its SDK is loaded only then.
 *
 * @param setting `aws-kms:` with an ARN, id or alias, or `gcp-kms:` with the full name of a key. Throws `kms_unknown`.
 */
export async function openKms(setting: string): Promise<KeyWrap> {
  const [, service, key = ''] = /^(aws-kms|gcp-kms):(.+)$/.exec(setting) ?? []
  if (service === 'aws-kms') return (await import('./aws.ts')).createAwsKeyWrap(key)
  if (service === 'gcp-kms' && GOOGLE_KEY.test(key)) return (await import('./google.ts')).createGoogleKeyWrap(key)
  throw new AzoraError('fix', 'kms_unknown', `AZORA_SECRETS_KEY names no key that is understood: ${setting}`, {
    remedy:
      'Write it as aws-kms:ARN or gcp-kms:projects/P/locations/L/keyRings/R/cryptoKeys/K; without it a key file is used.',
  })
}
