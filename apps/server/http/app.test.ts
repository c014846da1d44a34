import { silentLog } from '@azora/base'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { type App, createApp } from './app.ts'
import { serve } from './serve.ts'

const principal = { id: 'user:owner', tenant: 'default', roles: ['owner' as const], keys: [] }
const deps = {
  resolve: async () => ({ principal, via: 'token' as const }),
  origin: () => 'http://127.0.0.1',
  log: silentLog,
}
let app: App

beforeAll(async () => {
  app = await createApp(deps)
  const echo = { path: '/echo', summary: 'Echoes', permission: 'run.create', scope: 'tenant' } as const
  serve(
    app,
    { ...echo, method: 'POST', body: z.strictObject({ input: z.json() }), responses: { 200: z.json() } },
    async ({ body }) => body.input,
  )
  serve(app, { ...echo, method: 'DELETE', responses: { 204: z.null() } }, async () => null)
})
afterAll(() => app.close())

const post = (payload: string | Buffer, type = 'application/json') =>
  app.inject({ method: 'POST', url: '/echo', headers: { 'content-type': type }, payload })

const deep = (depth: number): string => `{"input":${'['.repeat(depth)}${']'.repeat(depth)}}`

describe('a request body', () => {
  it.each([
    ['{"input":{"a":[1,"😀",null,9007199254740991]}}', { a: [1, '😀', null, 9007199254740991] }],
    ['{"input":{"\\"":1,"constructor":2}}', { '"': 1, constructor: 2 }],
  ])('of strict JSON arrives: %s', async (payload, input) => {
    const answer = await post(payload)
    expect([answer.statusCode, answer.json()]).toEqual([200, input])
    expect((await post(payload, 'application/json; charset=utf-8')).json()).toEqual(input)
  })

  it.each<[string, string | Buffer, string, string]>([
    ['a name twice', '{"input":1,"input":2}', 'json_duplicate_key', '/input'],
    ['a name twice with one value', '{"input":{"a":1,"a":1}}', 'json_duplicate_key', '/input/a'],
    ['a number too large', '{"input":[1e400]}', 'json_number_out_of_range', '/input/0'],
    ['an integer that no double holds', '{"input":9007199254740993.0}', 'json_number_out_of_range', '/input'],
    ['nesting deeper than 64', deep(64), 'json_too_deep', `/input${'/0'.repeat(63)}`],
    ['half of a surrogate pair', '{"input":"\\ud800"}', 'json_invalid', '/input'],
    ['a prototype', '{"input":{"__proto__":{}}}', 'json_invalid', '/input/__proto__'],
    [
      'a prototype, in another way',
      '{"input":{"constructor":{"prototype":{}}}}',
      'json_invalid',
      '/input/constructor/prototype',
    ],
    ['no UTF-8', Buffer.from('{"input":"\u00e9"}', 'latin1'), 'json_invalid', ''],
    ['no JSON', '{"input":', 'json_invalid', '/input'],
    ['nothing', '', 'json_invalid', ''],
  ])('with %s is a problem that says where', async (_what, payload, code, pointer) => {
    const answer = await post(payload)
    expect(answer.statusCode).toBe(400)
    expect(answer.headers['content-type']).toContain('application/problem+json')
    expect(answer.json()).toMatchObject({ code, status: 400, errors: [{ pointer }] })
  })

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/merge-patch+json', 'application/jsonx'])(
    'of type %s is not read',
    async (type) => expect((await post('{"input":1}', type)).json()).toMatchObject({ code: 'media_type_unsupported' }),
  )

  it('may be absent where none is wanted', async () =>
    expect((await app.inject({ method: 'DELETE', url: '/echo' })).statusCode).toBe(204))
})

it('a route that serves no declared operation does not start', async () => {
  const bare = await createApp(deps)
  expect(() => bare.route({ method: 'GET', url: '/bare', handler: async () => ({}) })).toThrow(
    'GET /bare serves no declared operation',
  )
})
