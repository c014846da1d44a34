import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { openBytes, sealBytes } from './aead.ts'
import { createLocalKeyWrap } from './key-wrap.ts'

const flip = (bytes: Uint8Array, at: number): Buffer => {
  const copy = Buffer.from(bytes)
  copy[at % copy.length] = (copy[at % copy.length] ?? 0) ^ 1
  return copy
}

it('what is sealed opens under the same key and associated data, and under nothing else', () => {
  const bytes = fc.uint8Array({ maxLength: 200 })
  fc.assert(
    fc.property(bytes, bytes, fc.nat(), (plain, associated, at) => {
      const key = randomBytes(32)
      const sealed = sealBytes(key, plain, associated)
      expect(openBytes(key, sealed, associated)).toEqual(Buffer.from(plain))
      expect(openBytes(key, flip(sealed, at), associated)).toBeUndefined()
      expect(openBytes(key, sealed.subarray(0, at % sealed.length), associated)).toBeUndefined()
      expect(openBytes(flip(key, at), sealed, associated)).toBeUndefined()
      expect(openBytes(key, sealed, Buffer.concat([associated, Buffer.from([0])]))).toBeUndefined()
    }),
  )
})

// Test case 16 of "The Galois/Counter Mode of Operation (GCM)", McGrew and Viega, 2005.
it('opens the published test vector', () => {
  const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex')
  const key = hex('feffe9928665731c6d6a8f9467308308 feffe9928665731c6d6a8f9467308308')
  const plain = hex(
    'd9313225f88406e5a55909c5aff5269a 86a7a9531534f7da2e4c303d8a318a72 1c3c0c95956809532fcf0e2449a6b525 b16aedf5aa0de657ba637b39',
  )
  const associated = hex('feedfacedeadbeeffeedfacedeadbeef abaddad2')
  const cipher = hex(
    '522dc1f099567d07f47f37a32a84427d 643a8cdcbfe5c0c97598a2bd2555d1aa 8cb08e48590dbb3da7b08b1056828838 c5f61e6393ba7a0abcc9f662',
  )
  const sealed = Buffer.concat([hex('cafebabefacedbaddecaf888'), cipher, hex('76fc6ece0f4e1768cddf8853bb2d551b')])
  expect(openBytes(key, sealed, associated)).toEqual(plain)
})

it('a key unwraps for its context only, whatever the order of its members', async () => {
  const wrap = createLocalKeyWrap(randomBytes(32))
  const key = randomBytes(32)
  const wrapped = await wrap.wrap(key, { tenant: 'acme', purpose: 'payloads' })
  expect(await wrap.unwrap(wrapped, { purpose: 'payloads', tenant: 'acme' })).toEqual(key)
  const failed = { code: 'key_unwrap_failed' }
  await expect(wrap.unwrap(wrapped, { tenant: 'other', purpose: 'payloads' })).rejects.toMatchObject(failed)
  await expect(wrap.unwrap(flip(wrapped, 20), { tenant: 'acme', purpose: 'payloads' })).rejects.toMatchObject(failed)
  const other = createLocalKeyWrap(randomBytes(32))
  expect(other.keyId).not.toBe(wrap.keyId)
  await expect(other.unwrap(wrapped, { tenant: 'acme', purpose: 'payloads' })).rejects.toMatchObject(failed)
})

it('refuses a key of another size', () => {
  expect(() => createLocalKeyWrap(randomBytes(16))).toThrow(expect.objectContaining({ code: 'key_malformed' }))
})
