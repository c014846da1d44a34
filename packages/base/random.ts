import { randomFillSync } from 'node:crypto'

const POOL_BYTES = 8_192

let pool = Buffer.alloc(0)

/**
 * Random bytes as `randomBytes` of Node.js gives them, fetched for many callers at a time: a fetch takes longer than all that is
 * done with a nonce. No byte is given twice.
 *
 * @param bytes 256 at most
 * @throws RangeError
 */
export function smallRandom(bytes: number): Buffer {
  if (!Number.isInteger(bytes) || bytes < 0 || bytes > 256) throw new RangeError('up to 256 bytes at a time')
  if (pool.length < bytes) pool = randomFillSync(Buffer.alloc(POOL_BYTES))
  const taken = pool.subarray(0, bytes)
  pool = pool.subarray(bytes)
  return taken
}
