import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { AzoraError, createLocalKeyWrap, type KeyWrap, readOrCreate } from '@azora/base'
import { openKms } from '@azora/secrets'

const KEY_BYTES = 32

/**
 * The key that the secrets' data keys are wrapped with: that of a key-management service where one is named, else
 * `keys/secrets.key`, which is made at the first start.
 *
 * @param setting `aws-kms:…` or `gcp-kms:…`
 */
export async function openSecretsKey(dataDir: string, setting: string | undefined): Promise<KeyWrap> {
  if (setting !== undefined) return openKms(setting)
  const file = join(dataDir, 'keys', 'secrets.key')
  const text = (await readOrCreate(file, () => `${randomBytes(KEY_BYTES).toString('base64')}\n`)).trim()
  const key = Buffer.from(text, 'base64')
  if (key.length === KEY_BYTES && key.toString('base64') === text) return createLocalKeyWrap(key)
  throw new AzoraError('fix', 'key_malformed', `${file} does not hold 32 bytes in base64`, {
    remedy: 'Restore it from its copy: without it no secret can be read.',
  })
}
