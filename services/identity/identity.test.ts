import { expect, it } from 'vitest'
import { createToken, isToken } from './identity.ts'

it('a token is 256 random bits in a form of its own', () => {
  const tokens = Array.from({ length: 50 }, createToken)
  expect(new Set(tokens).size).toBe(50)
  for (const token of tokens) {
    expect(isToken(token)).toBe(true)
    expect(Buffer.from(token.slice(4), 'base64url')).toHaveLength(32)
    expect(isToken(`${token}\n`)).toBe(false)
    expect(isToken(token.slice(4))).toBe(false)
  }
})
