import { expect, it } from 'vitest'
import { smallRandom } from './random.ts'

it('gives no bytes twice, also where it fetches new ones', () => {
  const seen = new Set<string>()
  for (let at = 0; at < 3_000; at += 1) {
    const bytes = smallRandom(12)
    expect(bytes).toHaveLength(12)
    seen.add(bytes.toString('hex'))
  }
  expect(seen.size).toBe(3_000)
})

it('is for small amounts', () => {
  expect(smallRandom(0)).toHaveLength(0)
  expect(smallRandom(256)).toHaveLength(256)
  for (const bytes of [-1, 1.5, 257]) expect(() => smallRandom(bytes)).toThrow(RangeError)
})
