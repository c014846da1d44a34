import { describe, expect, it } from 'vitest'
import { uuidv7 } from './ids.ts'

describe('a version 7 UUID', () => {
  it('is the example of RFC 9562, appendix A.6', () => {
    // rand_a is 0xcc3; rand_b begins with two bits that the variant takes the place of.
    const random = Buffer.from('0cc318c4dc0c0c07398f', 'hex')
    expect(uuidv7(1_645_557_742_000, random)).toBe('017f22e2-79b0-7cc3-98c4-dc0c0c07398f')
  })

  it('keeps version and variant, whatever the random bits are', () => {
    expect(uuidv7(0, Buffer.alloc(10, 0))).toBe('00000000-0000-7000-8000-000000000000')
    expect(uuidv7(2 ** 48 - 1, Buffer.alloc(10, 255))).toBe('ffffffff-ffff-7fff-bfff-ffffffffffff')
  })

  it('sorts by time and differs within a millisecond', () => {
    const ids = Array.from({ length: 200 }, (_, at) => uuidv7(1_700_000_000_000 + at))
    expect(ids.toSorted()).toEqual(ids)
    expect(new Set(Array.from({ length: 200 }, () => uuidv7(1))).size).toBe(200)
  })
})
