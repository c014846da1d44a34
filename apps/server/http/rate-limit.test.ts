import { silentLog } from '@azora/base'
import type { LightMyRequestResponse } from 'fastify'
import { afterEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { rateLimits } from '../rate-limit-settings.ts'
import { type App, createApp } from './app.ts'
import type { RateLimits } from './rate-limit.ts'
import { serve } from './serve.ts'

let app: App
afterEach(() => app?.close())

/** Asks as whoever the token names, as `tenant/name` or `tenant/name/key`. */
async function start(limits: RateLimits): Promise<(token: string) => Promise<LightMyRequestResponse>> {
  app = await createApp({
    resolve: async (credential) => {
      const [tenant = '', name, keyId] = (credential.kind === 'bearer' ? credential.token : '').split('/')
      const principal = { id: `user:${name}`, tenant, roles: ['owner' as const], keys: [] }
      return { principal, via: keyId ? 'key' : 'token', ...(keyId !== undefined && { keyId }) }
    },
    origin: () => 'http://127.0.0.1',
    rateLimits: limits,
    log: silentLog,
  })
  const operation = { method: 'GET', path: '/x', summary: 'Answers', permission: 'run.read', scope: 'tenant' } as const
  serve(app, { ...operation, responses: { 200: z.json() } }, async () => ({}))
  serve(
    app,
    { ...operation, path: '/open', permission: 'public', scope: 'none', responses: { 200: z.json() } },
    async () => ({}),
  )
  return (token) => app.inject({ url: '/x', headers: { authorization: `Bearer ${token}` } })
}

const SLOW = { perSecond: 0.1, burst: 3 }

describe('requests', () => {
  it('are limited for each principal and each key, and say what is left', async () => {
    const ask = await start({ caller: SLOW, tenant: { perSecond: 1, burst: 100 } })
    const first = await ask('a/alice')
    expect(first.headers).toMatchObject({
      'ratelimit-policy': '"caller";q=3;w=30, "tenant";q=100;w=100',
      ratelimit: '"caller";r=2;t=10, "tenant";r=99;t=1',
    })
    const statuses = [await ask('a/alice'), await ask('a/alice'), await ask('a/alice')].map((one) => one.statusCode)
    expect(statuses).toEqual([200, 200, 429])
    const refused = await ask('a/alice')
    expect(refused.json()).toMatchObject({ code: 'too_many_requests', status: 429 })
    expect(refused.headers).toMatchObject({ 'retry-after': '10', ratelimit: '"caller";r=0;t=30' })
    for (const other of ['a/bob', 'b/alice', 'a/alice/k1', 'a/alice/k2'])
      expect((await ask(other)).statusCode).toBe(200)
  })

  it('are limited for each tenant, whoever asks', async () => {
    const ask = await start({ caller: undefined, tenant: SLOW })
    for (const name of ['a/alice', 'a/bob', 'a/carol']) expect((await ask(name)).statusCode).toBe(200)
    expect((await ask('a/dave')).statusCode).toBe(429)
    expect((await ask('b/dave')).statusCode).toBe(200)
  })

  it('are not counted where there is no limit, or nobody asks', async () => {
    const ask = await start({ caller: undefined, tenant: undefined })
    expect((await ask('a/alice')).headers).not.toHaveProperty('ratelimit')
    await app.close()
    await start({ caller: SLOW, tenant: SLOW })
    for (let time = 0; time < 10; time += 1) expect((await app.inject({ url: '/open' })).statusCode).toBe(200)
  })
})

describe('the settings', () => {
  it.each([
    [undefined, { perSecond: 5_000, burst: 10_000 }],
    ['', { perSecond: 5_000, burst: 10_000 }],
    ['off', undefined],
    ['500', { perSecond: 500, burst: 1_000 }],
    ['500:5000', { perSecond: 500, burst: 5_000 }],
  ])('%s is %j', (text, wanted) => {
    expect(rateLimits(text, undefined)).toEqual({ caller: wanted, tenant: { perSecond: 10_000, burst: 20_000 } })
  })

  it.each(['0', '5:0', '-1', '1e3', '1000001', 'on', '5:', '5:5:5'])('are not %s', (text) => {
    expect(() => rateLimits(undefined, text)).toThrow(/--tenant-rate-limit is requests a second/)
  })
})
