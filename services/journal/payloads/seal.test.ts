import { createHmac, randomBytes, randomUUID } from 'node:crypto'
import { openBytes } from '@azora/base'
import { canonical } from '@azora/proof'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { keyIdOf, openPayload, sealPayload } from './seal.ts'

const key = randomBytes(32)
const keyId = randomUUID()
const header = '{"index":7,"payloadDigest":"a","shard":"azora/main","tenant":"default"}'

it('what is sealed opens for its header and under its key, and for nothing else', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.nat(), (value, at) => {
      const payload = canonical(value)
      const salt = randomBytes(16)
      const stored = sealPayload(keyId, key, { header, payload, salt })
      expect(keyIdOf(stored)).toBe(keyId)
      expect(keyIdOf(payload)).toBeUndefined()
      expect(openPayload(key, header, stored)).toEqual({ payload, salt })
      expect(openPayload(randomBytes(32), header, stored)).toBeUndefined()
      expect(openPayload(key, header.replace('7', '8'), stored)).toBeUndefined()
      expect(openPayload(key, header, stored.replace(keyId, randomUUID()))).toBeUndefined()
      const bytes = Buffer.from(stored.slice(stored.lastIndexOf(':') + 1), 'base64')
      bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ 1
      expect(openPayload(key, header, `azora1:${keyId}:${bytes.toString('base64')}`)).toBeUndefined()
    }),
  )
})

it('never gives the same bytes twice', () => {
  const sealed = Array.from({ length: 50 }, () =>
    sealPayload(keyId, key, { header, payload: '{}', salt: Buffer.alloc(16) }),
  )
  expect(new Set(sealed).size).toBe(50)
})

it('any other text is not sealed, or does not open', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.base64String().map((text) => `azora1:${keyId}:${text}`),
      ),
      (text) => {
        if (keyIdOf(text) !== undefined) expect(openPayload(key, header, text)).toBeUndefined()
      },
    ),
  )
})

it('is AES-256-GCM under a key that HMAC-SHA-256 derives, as anybody can compute it', () => {
  const salt = randomBytes(16)
  const stored = sealPayload(keyId, key, { header, payload: '{}', salt })
  const bytes = Buffer.from(stored.slice(stored.lastIndexOf(':') + 1), 'base64')
  const subkey = createHmac('sha256', key).update('azora.payload.v1').update(bytes.subarray(0, 16)).digest()
  const plain = openBytes(subkey, bytes.subarray(16), Buffer.from(`azora.payload.v1\n${keyId}\n${header}`))
  expect(plain).toEqual(Buffer.concat([salt, Buffer.from('{}')]))
})
