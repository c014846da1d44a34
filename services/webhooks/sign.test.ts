import { Webhook } from 'standardwebhooks'
import { describe, expect, it } from 'vitest'
import { keyOf, newKey, secretOf, signedHeaders } from './sign.ts'

// The example with which the libraries of Standard Webhooks are tested (github.com/standard-webhooks/standard-webhooks).
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
const ID = 'msg_p5jXN8AQM9LWM0D4loKWxJek'
const BODY = '{"test": 2432232314}'
const AT_MS = 1_614_265_330_000

describe('a signature', () => {
  it('is that of the published example', () => {
    expect(signedHeaders(ID, BODY, [keyOf(SECRET) ?? Buffer.of()], AT_MS)).toEqual({
      'webhook-id': ID,
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    })
  })

  it('is verified by the library of the standard, with either of two keys', () => {
    const keys = [newKey(), newKey()]
    const headers = signedHeaders('azora/main/7', BODY, keys, Date.now())
    for (const key of keys) expect(new Webhook(secretOf(key)).verify(BODY, headers)).toEqual({ test: 2432232314 })
    expect(() => new Webhook(secretOf(newKey())).verify(BODY, headers)).toThrow()
    expect(() => new Webhook(secretOf(keys[0] ?? Buffer.of())).verify(`${BODY} `, headers)).toThrow()
  })
})

it('a secret is whsec_ and 24 to 64 bytes in base64', () => {
  const key = newKey()
  expect(keyOf(secretOf(key))).toEqual(key)
  for (const flawed of ['', 'whsec_', 'whsec_c2hvcnQ=', SECRET.slice(6), `whsec_${'A'.repeat(100)}`])
    expect(keyOf(flawed)).toBeUndefined()
})
