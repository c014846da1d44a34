import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createRecipient, sealFor } from './hpke.ts'

describe('a sealed value', () => {
  it('opens for its recipient and purpose alone', async () => {
    const [mine, other] = [await createRecipient(), await createRecipient()]
    const value = randomBytes(100)
    const box = await sealFor(mine.publicKey, 'purpose', value)
    expect((await mine.open('purpose', box)).equals(value)).toBe(true)
    await expect(mine.open('another', box)).rejects.toThrow()
    await expect(other.open('purpose', box)).rejects.toThrow()
  })

  it('opens unless it was changed, and shows nothing of it', async () => {
    const mine = await createRecipient()
    const box = await sealFor(mine.publicKey, 'purpose', Buffer.from('a value of mine'))
    const bytes = Buffer.from(box.ciphertext, 'base64')
    expect(bytes.includes('a value')).toBe(false)
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes)
      changed[at] = (changed[at] ?? 0) ^ 1
      await expect(mine.open('purpose', { ...box, ciphertext: changed.toString('base64') })).rejects.toThrow()
    }
    await expect(mine.open('purpose', { ...box, enc: (await createRecipient()).publicKey })).rejects.toThrow()
  })

  it.each(['', 'AAAA', 'A'.repeat(43)])('is made for no key that is none: %j', async (key) => {
    await expect(sealFor(key, 'purpose', Buffer.from('x'))).rejects.toThrow()
  })
})
