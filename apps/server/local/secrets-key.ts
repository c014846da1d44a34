import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { AzoraError, createLocalKeyWrap, type KeyWrap, readOrCreate } from '@azora/base'

const KEY_BYTES = 32

/** The key that the secrets' data keys are wrapped with: `keys/secrets.key`, made at the first start. */
export async function openSecretsKey(dataDir: string): Promise<KeyWrap> {
  const file = join(dataDir, 'keys', 'secrets.key')
  const text = (await readOrCreate(file, () => `${randomBytes(KEY_BYTES).toString('base64')}\n`)).trim()
  const key = Buffer.from(text, 'base64')
  if (key.length === KEY_BYTES && key.toString('base64') === text) return createLocalKeyWrap(key)
  throw new AzoraError('fix', 'key_malformed', `${file} does not hold 32 bytes in base64`, {
    remedy: 'Restore it from its copy: without it no secret can be read.',
  })
}
