import { randomBytes } from 'node:crypto'
import { createLocalKeyWrap } from '@azora/base'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openValue, sealValue } from './envelope.ts'

const aKey = () => createLocalKeyWrap(randomBytes(32))
const label = { tenant: 'default', name: 'TOKEN', version: 1 }

describe('an envelope', () => {
  it('gives back what was put into it, and shows nothing of it', async () => {
    const key = aKey()
    await fc.assert(
      fc.asyncProperty(fc.string({ minLength: 8, unit: 'grapheme' }), async (value) => {
        const envelope = await sealValue(key, value, label)
        expect((await openValue(key, envelope, label)).toString()).toBe(Buffer.from(value).toString())
        expect(Buffer.concat([envelope.wrappedKey, envelope.ciphertext]).includes(value)).toBe(false)
      }),
      { numRuns: 50 },
    )
  })

  it('has a data key of its own', async () => {
    const key = aKey()
    const [one, two] = [await sealValue(key, 'the same value', label), await sealValue(key, 'the same value', label)]
    expect(one.ciphertext.equals(two.ciphertext)).toBe(false)
    const mixed = { ...one, wrappedKey: two.wrappedKey }
    await expect(openValue(key, mixed, label)).rejects.toMatchObject({ code: 'secret_unreadable' })
  })

  it.each([{ tenant: 'other' }, { name: 'OTHER' }, { version: 2 }])(
    'opens under no other label: %j',
    async (change) => {
      const key = aKey()
      const envelope = await sealValue(key, 'a value of mine', label)
      await expect(openValue(key, envelope, { ...label, ...change })).rejects.toMatchObject({
        code: 'key_unwrap_failed',
      })
    },
  )

  it('opens under no other key, and says which one it needs', async () => {
    const [key, other] = [aKey(), aKey()]
    const envelope = await sealValue(key, 'a value of mine', label)
    await expect(openValue(other, envelope, label)).rejects.toMatchObject({
      code: 'secret_unreadable',
      message: expect.stringContaining(key.keyId),
    })
    const lying = { ...envelope, keyId: other.keyId }
    await expect(openValue(other, lying, label)).rejects.toMatchObject({ code: 'key_unwrap_failed' })
  })

  it('opens unless a bit of it was changed', async () => {
    const key = aKey()
    const envelope = await sealValue(key, 'a value of mine', label)
    for (const part of ['ciphertext', 'wrappedKey'] as const) {
      for (let at = 0; at < envelope[part].length; at += 7) {
        const bytes = Buffer.from(envelope[part])
        bytes[at] = (bytes[at] ?? 0) ^ 1
        await expect(openValue(key, { ...envelope, [part]: bytes }, label)).rejects.toThrow()
      }
    }
  })
})
