import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decrypt, encrypt } from './aead.ts'
import { openValue, sealValue } from './envelope.ts'
import { createLocalKms } from './kms/local.ts'

const aKms = () => createLocalKms(randomBytes(32).toString('base64'))
const label = { tenant: 'default', name: 'TOKEN', version: 1 }

describe('an envelope', () => {
  it('gives back what was put into it, and shows nothing of it', async () => {
    const kms = aKms()
    await fc.assert(
      fc.asyncProperty(fc.string({ minLength: 8, unit: 'grapheme' }), async (value) => {
        const envelope = await sealValue(kms, value, label)
        expect((await openValue(kms, envelope, label)).toString()).toBe(Buffer.from(value).toString())
        expect(Buffer.concat([envelope.wrappedKey, envelope.ciphertext]).includes(value)).toBe(false)
      }),
      { numRuns: 50 },
    )
  })

  it('has a data key of its own', async () => {
    const kms = aKms()
    const [one, two] = [await sealValue(kms, 'the same value', label), await sealValue(kms, 'the same value', label)]
    expect(one.ciphertext.equals(two.ciphertext)).toBe(false)
    await expect(openValue(kms, { ...one, wrappedKey: two.wrappedKey }, label)).rejects.toThrow()
  })

  it.each([{ tenant: 'other' }, { name: 'OTHER' }, { version: 2 }])(
    'opens under no other label: %j',
    async (change) => {
      const kms = aKms()
      const envelope = await sealValue(kms, 'a value of mine', label)
      await expect(openValue(kms, envelope, { ...label, ...change })).rejects.toMatchObject({
        code: 'secret_unreadable',
      })
    },
  )

  it('opens under no other key', async () => {
    const envelope = await sealValue(aKms(), 'a value of mine', label)
    await expect(openValue(aKms(), envelope, label)).rejects.toMatchObject({ code: 'secret_unreadable' })
    const kms = aKms()
    const lying = { ...envelope, kms: kms.name }
    await expect(openValue(kms, lying, label)).rejects.toMatchObject({ code: 'secret_unreadable' })
  })
})

describe('what is encrypted', () => {
  const key = randomBytes(32)
  const associated = Buffer.from('about it')

  it('opens unless a single bit of it was changed', () => {
    const sealed = encrypt(key, Buffer.from('a value of mine'), associated)
    expect(decrypt(key, sealed, associated).toString()).toBe('a value of mine')
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const changed = Buffer.from(sealed)
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(() => decrypt(key, changed, associated)).toThrow('encrypted with another key, or was changed')
    }
  })

  it('opens when it is whole only', () => {
    const sealed = encrypt(key, Buffer.from('a value of mine'), associated)
    for (let length = 0; length < sealed.length; length++)
      expect(() => decrypt(key, sealed.subarray(0, length), associated)).toThrow('was changed')
  })
})

describe('the local key', () => {
  it.each(['', 'short', randomBytes(31).toString('base64'), `${randomBytes(32).toString('base64')}AA`])(
    'is refused when it is no key: %j',
    (text) => {
      expect(() => createLocalKms(text)).toThrow(expect.objectContaining({ code: 'kms_key_malformed' }))
    },
  )

  it('has a name that does not hold it', () => {
    const text = randomBytes(32).toString('base64')
    expect(createLocalKms(text).name).toMatch(/^local:[0-9a-f]{16}$/)
    expect(createLocalKms(text).name).toBe(createLocalKms(`${text}\n`).name)
  })
})
