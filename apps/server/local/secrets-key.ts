import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { readOrCreate } from '@azora/base'
import { createLocalKms, type Kms } from '@azora/secrets'

const KEY_BYTES = 32

/** The key that the secrets' data keys are wrapped with: `keys/secrets.key`, made at the first start. */
export async function openKms(dataDir: string): Promise<Kms> {
  const file = join(dataDir, 'keys', 'secrets.key')
  return createLocalKms(await readOrCreate(file, () => `${randomBytes(KEY_BYTES).toString('base64')}\n`))
}
