import { randomBytes } from 'node:crypto'
import { KMSClient } from '@aws-sdk/client-kms'
import type { KeyWrap } from '@azora/base'
import { KeyManagementServiceClient } from '@google-cloud/kms'
import { PassThroughClient } from 'google-auth-library'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openValue, sealValue } from '../envelope.ts'
import { type KmsServer, startKmsServer } from '../testing/kms-server.ts'
import { createAwsKeyWrap } from './aws.ts'
import { crc32c } from './crc32c.ts'
import { createGoogleKeyWrap } from './google.ts'
import { openKms } from './open.ts'

const ARN = 'arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab'
const NAME = 'projects/p/locations/europe/keyRings/r/cryptoKeys/k'
const context = { type: 'azora.secret.v1', tenant: 'default', name: 'TOKEN', version: '1' }

let server: KmsServer
beforeAll(async () => {
  server = await startKmsServer()
})
afterAll(() => server.close())
beforeEach(() => {
  server.seen.length = 0
})

/** The official client of each service, pointed at the server. */
const SERVICES: Record<string, () => KeyWrap> = {
  'AWS KMS': () =>
    createAwsKeyWrap(
      ARN,
      new KMSClient({
        endpoint: `http://127.0.0.1:${server.port}`,
        region: 'eu-central-1',
        credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
        maxAttempts: 1,
      }),
    ),
  'Google Cloud KMS': () =>
    createGoogleKeyWrap(
      NAME,
      new KeyManagementServiceClient({
        fallback: true,
        protocol: 'http',
        apiEndpoint: '127.0.0.1',
        port: server.port,
        authClient: new PassThroughClient(),
      }),
    ),
}

describe.each(Object.entries(SERVICES))('%s', (_name, open) => {
  it('unwraps what it wrapped, under the same context only', async () => {
    const keyWrap = open()
    const key = randomBytes(32)
    const wrapped = await keyWrap.wrap(key, context)
    expect(Buffer.from(wrapped).includes(key)).toBe(false)
    expect((await keyWrap.unwrap(wrapped, context)).equals(key)).toBe(true)
    await expect(keyWrap.unwrap(wrapped, { ...context, tenant: 'other' })).rejects.toMatchObject({
      code: 'key_unwrap_failed',
    })
    const changed = Buffer.from(wrapped)
    changed[20] = (changed[20] ?? 0) ^ 1
    await expect(keyWrap.unwrap(changed, context)).rejects.toMatchObject({ code: 'key_unwrap_failed' })
  })

  it('carries an envelope, and never sees the value', async () => {
    const keyWrap = open()
    const label = { tenant: 'default', name: 'TOKEN', version: 1 }
    const envelope = await sealValue(keyWrap, 'a value of mine', label)
    expect((await openValue(keyWrap, envelope, label)).toString()).toBe('a value of mine')
    expect(JSON.stringify(server.seen)).not.toContain(Buffer.from('a value of mine').toString('base64'))
    expect(JSON.stringify(server.seen.map(({ body }) => body))).not.toContain('a value of mine')
  })

  it('that answers an error is to be tried again', async () => {
    server.failNext(403, {
      __type: 'AccessDeniedException',
      error: { code: 403, status: 'PERMISSION_DENIED', message: 'no' },
    })
    await expect(open().wrap(randomBytes(32), context)).rejects.toMatchObject({
      advice: 'retry',
      code: 'kms_unavailable',
    })
  })
})

it('AWS KMS is asked with a signed request that names key and context', async () => {
  await SERVICES['AWS KMS']?.().wrap(randomBytes(32), context)
  expect(server.seen[0]).toMatchObject({
    headers: { 'x-amz-target': 'TrentService.Encrypt', authorization: expect.stringContaining('AWS4-HMAC-SHA256') },
    body: { KeyId: ARN, EncryptionContext: context },
  })
})

it('Google Cloud KMS is asked with checksums, and what is damaged on the way is noticed', async () => {
  const keyWrap = SERVICES['Google Cloud KMS']?.()
  const wrapped = await keyWrap?.wrap(randomBytes(32), context)
  expect(server.seen[0]?.url).toContain(`/v1/${NAME}:encrypt`)
  expect(server.seen[0]?.body).toMatchObject({ plaintextCrc32c: expect.anything() })
  server.damageNext()
  await expect(keyWrap?.wrap(randomBytes(32), context)).rejects.toThrow('damaged')
  server.damageNext()
  await expect(keyWrap?.unwrap(wrapped ?? Buffer.alloc(0), context)).rejects.toThrow('damaged')
})

describe('a setting', () => {
  it.each(['', 'aws-kms:', 'gcp-kms:k', 'azure:x', 'file:/x'])('that names no key is refused: %j', async (setting) => {
    await expect(openKms(setting)).rejects.toMatchObject({ code: 'kms_unknown' })
  })

  it('loads the SDK that it needs', async () => {
    process.env.AWS_REGION = 'eu-central-1'
    process.env.METADATA_SERVER_DETECTION = 'none'
    expect((await openKms(`aws-kms:${ARN}`)).keyId).toBe(`aws-kms:${ARN}`)
    expect((await openKms(`gcp-kms:${NAME}`)).keyId).toBe(`gcp-kms:${NAME}`)
    delete process.env.AWS_REGION
    delete process.env.METADATA_SERVER_DETECTION
  })
})

// RFC 3720, appendix B.4.
it.each([
  [Buffer.from('123456789'), 0xe3069283],
  [Buffer.alloc(32), 0x8a9136aa],
  [Buffer.alloc(32, 0xff), 0x62a8ab43],
  [Buffer.from(Array.from({ length: 32 }, (_, at) => at)), 0x46dd794e],
])('CRC-32C of %j', (bytes, sum) => {
  expect(crc32c(bytes)).toBe(sum)
})
