import { expect, it } from 'vitest'
import { reviewWebhookOf } from './review-webhook.ts'
import { webhookHosts } from './webhook-hosts.ts'

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
const ENV = { AZORA_REVIEW_WEBHOOK: 'https://example.org/hook', AZORA_REVIEW_WEBHOOK_SECRET: SECRET }

it('the webhook for reviews is read from the environment, or refused', () => {
  expect(reviewWebhookOf({})).toBeUndefined()
  expect(reviewWebhookOf(ENV)).toMatchObject({
    url: 'https://example.org/hook',
    key: Buffer.alloc(32, 7),
    allowPrivate: false,
  })
  expect(reviewWebhookOf({ ...ENV, AZORA_REVIEW_WEBHOOK_ALLOW_PRIVATE: '1' })).toMatchObject({ allowPrivate: true })
  const refused = (env: NodeJS.ProcessEnv, code: string): void =>
    expect(() => reviewWebhookOf(env)).toThrow(expect.objectContaining({ code }))
  refused({ ...ENV, AZORA_REVIEW_WEBHOOK: 'ftp://example.org' }, 'webhook_url_malformed')
  for (const secret of ['', 'whsec_c2hvcnQ='])
    refused({ ...ENV, AZORA_REVIEW_WEBHOOK_SECRET: secret }, 'webhook_secret_malformed')
})

it('hosts inside are named with commas between them', () => {
  expect(webhookHosts(undefined)).toEqual([])
  expect(webhookHosts(' CI.internal, 127.0.0.1:8080,,[::1]:80 ')).toEqual(['ci.internal', '127.0.0.1:8080', '[::1]:80'])
  for (const flawed of ['http://a.test', 'a b', Array(101).fill('a.test').join()])
    expect(() => webhookHosts(flawed)).toThrow(expect.objectContaining({ code: 'usage' }))
})
