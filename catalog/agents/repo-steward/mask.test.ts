import { describe, expect, it } from 'vitest'
import { maskSecrets } from './mask.ts'

/** Put together here, so that the source itself holds nothing that looks like a secret. */
const body = (length: number): string => 'Ab3'.repeat(length).slice(0, length)
const key = (end: string): string => `-----${end} RSA PRIVATE KEY-----`

describe('maskSecrets', () => {
  it.each([
    ['AWS access key', `id = AKIA${body(16).toUpperCase()}`],
    ['AWS secret key', `aws_secret_access_key = ${body(40)}`],
    ['GitHub token', `ghs_${body(36)}`],
    ['GitHub token', `github_pat_${body(30)}`],
    ['npm token', `//registry/:_authToken=npm_${body(36)}`],
    ['Slack token', `xoxb-${body(24)}`],
    ['Slack webhook', `https://hooks.slack.com/services/${body(24)}`],
    ['Stripe key', `sk_live_${body(24)}`],
    ['JSON Web Token', `eyJ${body(10)}.eyJ${body(12)}.${body(20)}`],
    ['password', `postgres://admin:${body(9)}@db/app`],
    ['secret', `API_KEY: "${body(20)}"`],
    ['private key', `${key('BEGIN')}\n${body(64)}\n${body(64)}\n${key('END')}`],
    ['private key', `cut off: ${key('BEGIN')}\n${body(64)}`],
    ['private key', `${body(64)}\n${body(12)}\n${key('END')}`],
  ])('puts "%s" in its place', (kind, text) => {
    const masked = maskSecrets(text)
    expect(masked).toContain(`[${kind}]`)
    expect(masked).not.toContain(body(9))
  })

  it.each([
    'TODO: rotate the token',
    'password = os.environ["PASSWORD"]',
    'https://example.org:8080/a@b',
    `commit ${'0a'.repeat(20)}`,
    'secret: none',
  ])('leaves %j as it is', (text) => {
    expect(maskSecrets(text)).toBe(text)
  })
})
