import { expect, it } from 'vitest'
import { createToken, isToken } from './identity.ts'
import { requireRole } from './principal.ts'

it('a role is required', () => {
  const node = { id: 'node:local', tenant: 'default', roles: ['node' as const], keys: [] }
  expect(() => requireRole(node, 'node')).not.toThrow()
  expect(() => requireRole(node, 'owner')).toThrow(
    expect.objectContaining({ code: 'forbidden', advice: 'forbidden', message: 'node:local needs the role owner' }),
  )
  expect(() => requireRole({ ...node, roles: [] }, 'node')).toThrow('needs the role node')
  expect(() => requireRole(node, 'owner', 'node')).not.toThrow()
  expect(() => requireRole(node, 'owner', 'reviewer')).toThrow('needs the role owner or reviewer')
})

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
